import type { SplitName } from '../../protocol/dataset';
import type { LabelView, Position } from '../../protocol/explore';
import { perStore } from '../items/per-store';

/** What the list is compared with. */
export type Since = { readonly at: Position } | { readonly run: string };

/** How neighbours are looked up; kept while other views are shown. */
export interface NeighbourSettings {
  k: number;
  /** By its place among the run's labels. */
  label: Pick<LabelView, 'place' | 'name'> | undefined;
  split: SplitName | undefined;
  since: Since | undefined;
  /** What stands in the field. */
  text: string;
  /** Address of the image that is asked about. */
  image: string | undefined;
  /** The wish of the host that has been taken up. */
  taken: object | undefined;
}

export const neighbourSettings = perStore<NeighbourSettings>(() => ({
  k: 10,
  label: undefined,
  split: undefined,
  since: undefined,
  text: '',
  image: undefined,
  taken: undefined,
}));
