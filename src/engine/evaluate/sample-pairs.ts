import type { SplitName } from '../../protocol/dataset';
import type { Dataset, PairRelations, ScoredRelations, Split } from '../data/dataset';
import { knownPositives } from '../data/positives';
import { defaultThreshold } from '../data/scores';
import { append } from '../lists';
import { random } from '../random';

/** `first[i]` with `second[i]`, item indices. */
export type ItemPairs = readonly [first: Int32Array, second: Int32Array];

export interface SampledPairs {
  readonly positives: ItemPairs;
  readonly negatives: ItemPairs;
}

/**
 * Pairs of a split that belong together and pairs that do not, always the same ones: what the two similarity
 * histograms, ROC-AUC and alignment are taken on.
 * - pairs: the rows; against the negatives given, or one answer of another row each;
 * - scored pairs: those from the threshold on; against those below it;
 * - labelled items: with one other of the label; against one of another label;
 * - items without labels: no positives but views of themselves; against one other item each.
 */
export function samplePairs(dataset: Dataset, name: SplitName): SampledPairs {
  const { relations } = dataset.splits.get(name) as Split;
  switch (relations.type) {
    case 'pairs':
      return {
        positives: [relations.anchor, relations.positive],
        negatives: givenNegatives(relations) ?? otherAnswers(dataset, name, relations),
      };
    case 'scored': {
      const threshold = Math.fround(dataset.positiveThreshold ?? defaultThreshold(relations.score));
      return {
        positives: scoredPairs(relations, (score) => score >= threshold),
        negatives: scoredPairs(relations, (score) => score < threshold),
      };
    }
    case 'members':
      return {
        positives: partners(relations.item, dataset.items.label, 'same'),
        negatives: partners(relations.item, dataset.items.label, 'different'),
      };
  }
}

/** Every anchor with each negative given for it; undefined where none is. */
export function givenNegatives({ anchor, negatives, negativesPerRow }: PairRelations): ItemPairs | undefined {
  const given = [...negatives.keys()].filter((at) => (negatives[at] as number) >= 0);
  if (given.length === 0) return undefined;
  return [
    Int32Array.from(given, (at) => anchor[Math.floor(at / negativesPerRow)] as number),
    Int32Array.from(given, (at) => negatives[at] as number),
  ];
}

function otherAnswers(dataset: Dataset, name: SplitName, { anchor, positive }: PairRelations): ItemPairs {
  const known = knownPositives(dataset, name);
  const first: number[] = [];
  const second: number[] = [];
  for (const [row, query] of anchor.entries()) {
    const other = positive[random(0, 'unrelated', 0, row).below(anchor.length)] as number;
    if (other === query || known.has(query, other)) continue;
    first.push(query);
    second.push(other);
  }
  return [Int32Array.from(first), Int32Array.from(second)];
}

function scoredPairs({ first, second, score }: ScoredRelations, keep: (score: number) => boolean): ItemPairs {
  const rows = [...score.keys()].filter((row) => keep(score[row] as number));
  return [
    Int32Array.from(rows, (row) => first[row] as number),
    Int32Array.from(rows, (row) => second[row] as number),
  ];
}

/** Draws after which an item is taken to have no counterpart: nearly all items have its label. */
const tries = 64;

function partners(items: Int32Array, label: Int32Array, wanted: 'same' | 'different'): ItemPairs {
  const members = new Map<number, number[]>();
  for (const item of items) append(members, label[item] as number, item);
  const first: number[] = [];
  const second: number[] = [];
  for (const [i, item] of items.entries()) {
    const own = label[item] as number;
    if (own < 0 && wanted === 'same') continue;
    const source = random(0, `label-pairs/${wanted}`, 0, i);
    const drawn = wanted === 'same' ? (members.get(own) as number[]) : items;
    for (let attempt = 0; attempt < tries && drawn.length > 1; attempt++) {
      const other = drawn[source.below(drawn.length)] as number;
      if (other === item || (wanted === 'different' && own >= 0 && label[other] === own)) continue;
      first.push(item);
      second.push(other);
      break;
    }
  }
  return [Int32Array.from(first), Int32Array.from(second)];
}
