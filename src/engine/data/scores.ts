import type { SplitName } from '../../protocol/dataset';
import type { Dataset, PairRelations, Split } from './dataset';

/** Scales that annotators use, by their largest score. */
const scales = [1, 2, 3, 4, 5, 7, 10, 100];

/** A pair counts as a positive from this share of the scale on. */
const positiveShare = 0.8;

/** The default threshold: 0.8 of the smallest usual scale (0..1, 0..5, 0..10, …) that holds every score. */
export function defaultThreshold(scores: Float32Array): number {
  const largest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return positiveShare * (scales.find((scale) => scale >= largest && scale > 0) ?? largest);
}

/** The relations of a split that are positives: as they are for pairs, those at or above the threshold for scored pairs. */
export function positivePairs(
  dataset: Pick<Dataset, 'positiveThreshold'> & {
    readonly splits: ReadonlyMap<SplitName, Pick<Split, 'relations'>>;
  },
  split: SplitName,
): PairRelations {
  const relations = dataset.splits.get(split)?.relations;
  const none = new Int32Array(0);
  if (relations?.type === 'pairs') return relations;
  if (relations?.type !== 'scored') {
    return { type: 'pairs', anchor: none, positive: none, negatives: none, negativesPerRow: 0 };
  }
  const threshold = dataset.positiveThreshold ?? defaultThreshold(relations.score);
  // float32 scores: 0.8 as read from a file must not fall below 0.8 as computed.
  const kept = [...relations.score.keys()].filter(
    (row) => (relations.score[row] as number) >= Math.fround(threshold),
  );
  return {
    type: 'pairs',
    anchor: Int32Array.from(kept, (row) => relations.first[row] as number),
    positive: Int32Array.from(kept, (row) => relations.second[row] as number),
    negatives: none,
    negativesPerRow: 0,
  };
}
