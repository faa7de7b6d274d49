import { describe, expect, it } from 'vitest';
import { epochRows } from '../../../src/engine/batch/rows';
import type { Dataset, Items } from '../../../src/engine/data/dataset';
import { dataset, pairs } from '../run/support';

/** Items with these labels, all of them in the training split. */
function labelled(label: number[], kind: Items['kind'] = 'text'): Dataset {
  const item = Int32Array.from(label.keys());
  return dataset(
    { content: label.map((_, i) => `${i}`), label: Int32Array.from(label), kind },
    { train: { items: [...item], relations: { type: 'members', item } } },
  );
}

const label = [0, 1, 0, 2, 0, 1, 3, 0, 3, 3];

describe('rows of labelled items', () => {
  const data = labelled(label);
  const epochs = Array.from({ length: 60 }, (_, epoch) => epochRows(data, 'train', 5, epoch));

  const partners = (seed: number, epoch: number): number[] => [
    ...epochRows(data, 'train', seed, epoch).positive,
  ];

  it('bring each item together with another of its label', () => {
    for (const { anchor, positive, negativesPerRow } of epochs) {
      expect(negativesPerRow).toBe(0);
      // Item 3 is the only one of its label, and a text has no other view.
      expect([...anchor]).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
      for (const [row, item] of anchor.entries()) {
        expect(positive[row]).not.toBe(item);
        expect(label[positive[row] as number]).toBe(label[item]);
      }
    }
  });

  it('bring it together with each of them in time', () => {
    for (const item of [0, 6]) {
      const met = new Set(epochs.map(({ anchor, positive }) => positive[anchor.indexOf(item)]));
      expect([...met].sort((a = -1, b = -1) => a - b)).toEqual(
        [...label.keys()].filter((i) => i !== item && label[i] === label[item]),
      );
    }
  });

  it('are a function of seed and epoch', () => {
    expect(partners(5, 7)).toEqual(partners(5, 7));
    expect(partners(5, 8)).not.toEqual(partners(5, 7));
    expect(partners(6, 7)).not.toEqual(partners(5, 7));
  });

  it.each(['image', 'vector'] as const)('take a view of the only %s of a label', (kind) => {
    const { anchor, positive } = epochRows(labelled(label, kind), 'train', 5, 0);
    expect([...anchor]).toEqual([...label.keys()]);
    expect(positive[3]).toBe(3);
  });
});

describe('rows of other data', () => {
  it('are views of themselves without labels', () => {
    const { anchor, positive } = epochRows(labelled([-1, -1, -1], 'image'), 'train', 5, 1);
    expect([...anchor]).toEqual([0, 1, 2]);
    expect([...positive]).toEqual([0, 1, 2]);
  });

  it('are the pairs as given, in every epoch', () => {
    const relations = pairs([0, 2], [1, 3], [4, -1]);
    const data = dataset(
      { content: ['a', 'b', 'c', 'd', 'e'] },
      { train: { items: [0, 1, 2, 3, 4], relations } },
    );
    for (const epoch of [0, 1]) expect(epochRows(data, 'train', 5, epoch)).toBe(relations);
  });

  it('of a split that is not there are refused', () => {
    expect(() => epochRows(labelled(label), 'test', 5, 0)).toThrow('test');
  });
});
