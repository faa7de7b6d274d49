import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type { EvaluationView } from '../../protocol/panel';
import { stepFile } from './checkpoints';
import { readTensors } from './safetensors';

/** Where the snapshot of an evaluation lies. */
export function snapshotFile(run: string, step: number): string {
  return path.join(run, 'snapshots', stepFile(step));
}

/** The two histograms of an evaluation, of whose snapshot no more is read; undefined where it cannot be used. */
export async function readHistogram(run: string, step: number): Promise<EvaluationView['histogram']> {
  try {
    const [positives, negatives] = await readTensors(snapshotFile(run, step), [
      'histogram.positives',
      'histogram.negatives',
    ]);
    if (!(positives?.data instanceof Int32Array) || !(negatives?.data instanceof Int32Array))
      return undefined;
    return { positives: Uint32Array.from(positives.data), negatives: Uint32Array.from(negatives.data) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
