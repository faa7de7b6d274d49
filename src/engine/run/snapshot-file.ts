import path from 'node:path';
import { UserError } from '../../protocol/errors';
import type { EvaluationView } from '../../protocol/panel';
import { stepFile } from './checkpoints';
import { readTensors } from './safetensors';
import type { NamedTensor } from './tensors';

/** Where the snapshot of an evaluation lies. */
export function snapshotFile(run: string, step: number): string {
  return path.join(run, 'snapshots', stepFile(step));
}

/** Far more bins than ours have; a file from elsewhere may hold anything. */
const mostBins = 1000;

function countsOf(tensor: NamedTensor | undefined): Uint32Array | undefined {
  const counts = tensor?.data;
  if (!(counts instanceof Int32Array) || counts.length === 0 || counts.length > mostBins) return undefined;
  return counts.some((count) => count < 0) ? undefined : Uint32Array.from(counts);
}

/** The two histograms of an evaluation, of whose snapshot no more is read; undefined where it cannot be used. */
export async function readHistogram(run: string, step: number): Promise<EvaluationView['histogram']> {
  try {
    const [positives, negatives] = await readTensors(snapshotFile(run, step), [
      'histogram.positives',
      'histogram.negatives',
    ]);
    const counts = [countsOf(positives), countsOf(negatives)] as const;
    if (counts[0] === undefined || counts[0].length !== counts[1]?.length) return undefined;
    return { positives: counts[0], negatives: counts[1] };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
