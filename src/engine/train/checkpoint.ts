import { UserError } from '../../protocol/errors';
import type { Model } from '../model/model';
import { type Checkpoint, checkpointPart } from '../run/checkpoints';
import type { NamedTensor } from '../run/tensors';
import type { Best } from './best';

/** Where a run stands after a step; with the seed, all that is needed to go on as if nothing had happened. */
export interface Progress {
  /** Steps done. */
  step: number;
  /** The last step that was evaluated. */
  looked: number;
  best?: Best;
  /** Evaluations since the one whose weights are kept. */
  waited: number;
}

const renamed = (prefix: string, tensors: readonly NamedTensor[]): NamedTensor[] =>
  tensors.map((tensor) => ({ ...tensor, name: `${prefix}/${tensor.name}` }));

/** Weights, optimiser moments, constants and the best weights so far, in one file: the commit is one rename. */
export function checkpointTensors(model: Model, { best }: Progress): NamedTensor[] {
  return [
    ...renamed('weight', model.parameters.weights()),
    ...model.parameters.moments(),
    ...renamed('constant', model.encoder.constants()),
    ...(best ? [...renamed('best.weight', best.weights), ...renamed('best.constant', best.constants)] : []),
  ];
}

export function checkpointState(progress: Progress, fingerprint: string): Record<string, string> {
  const { best, waited, looked } = progress;
  return {
    waited: `${waited}`,
    looked: `${looked}`,
    fingerprint,
    ...(best && { bestStep: `${best.step}`, bestValue: `${best.value}`, peak: `${best.peak}` }),
  };
}

export interface Restored {
  readonly progress: Progress;
  readonly weights: readonly NamedTensor[];
  readonly moments: readonly NamedTensor[];
  readonly constants: readonly NamedTensor[];
}

/** @throws UserError when the dataset is not the one the checkpoint was made on. */
export function restore(checkpoint: Checkpoint, fingerprint: string): Restored {
  const { step, state, tensors } = checkpoint;
  if (state.get('fingerprint') !== fingerprint)
    throw new UserError(
      'dataset-changed',
      'the dataset has changed since this run was stopped, so it cannot go on exactly; start a new run on the changed data',
    );
  const part = (prefix: string): NamedTensor[] => checkpointPart(checkpoint, prefix);
  const bestStep = state.get('bestStep');
  return {
    progress: {
      step,
      waited: Number(state.get('waited')),
      looked: Number(state.get('looked')),
      ...(bestStep !== undefined && {
        best: {
          step: Number(bestStep),
          value: Number(state.get('bestValue')),
          peak: Number(state.get('peak')),
          weights: part('best.weight'),
          constants: part('best.constant'),
        },
      }),
    },
    weights: part('weight'),
    moments: tensors.filter((tensor) => tensor.name.startsWith('adam.')),
    constants: part('constant'),
  };
}
