import type { SplitName } from '../../protocol/dataset';
import type { Dataset, Split } from '../data/dataset';
import type { EmbeddedItems } from '../evaluate/embedded';
import { similarityHistogram } from '../evaluate/metrics/histogram';
import { samplePairs } from '../evaluate/sample-pairs';
import { random, shuffle } from '../random';
import type { RunFolder } from '../run/folder';

/** Items whose embeddings are kept at every evaluation, so that their movement can be shown. */
const probeSize = 2000;

/** The same items at every evaluation of a run: the dev items, or a seeded sample of them. Ascending. */
export function probeItems(dataset: Dataset, split: SplitName, seed: number): Int32Array {
  const items = (dataset.splits.get(split) as Split).items.slice();
  if (items.length <= probeSize) return items;
  return shuffle(items, random(seed, 'probe')).subarray(0, probeSize).sort();
}

/** One evaluation's picture: probe embeddings and the histograms of positive and negative similarities. */
export async function writeSnapshot(
  run: RunFolder,
  step: number,
  embedded: EmbeddedItems,
  dataset: Dataset,
  split: SplitName,
  probe: Int32Array,
): Promise<void> {
  const pairs = samplePairs(dataset, split);
  const histogram = similarityHistogram(
    embedded.pairs(...pairs.positives),
    embedded.pairs(...pairs.negatives),
  );
  const { bins } = histogram;
  await run.writeSnapshot(
    step,
    [
      { name: 'probe.items', shape: [probe.length], data: probe },
      {
        name: 'probe.embeddings',
        shape: [probe.length, embedded.dimensions],
        data: embedded.select(probe),
      },
      { name: 'histogram.positives', shape: [bins], data: Int32Array.from(histogram.positives) },
      { name: 'histogram.negatives', shape: [bins], data: Int32Array.from(histogram.negatives) },
    ],
    {
      step: `${step}`,
      split,
      probe: `${probe.length} of ${(dataset.splits.get(split) as Split).items.length}`,
    },
  );
}
