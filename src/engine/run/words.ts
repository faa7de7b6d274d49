import type { ItemKind } from '../../protocol/dataset';

/** The baseline that needs no model, by kind of item. */
export const modelFreeNames: Readonly<Record<ItemKind, string>> = {
  text: 'TF-IDF',
  image: 'pixels',
  vector: 'raw columns',
  id: 'popularity',
};

/** A metric as it is shown; `-` where it does not apply. */
export function formatMetric(value: number | undefined): string {
  if (value === undefined) return '-';
  return Math.abs(value) < 10 || !Number.isFinite(value) ? value.toFixed(4) : value.toPrecision(4);
}
