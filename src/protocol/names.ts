import type { RunHead } from './panel';

/** A run that was given no name goes by its data: its id is long, and says only when it began. */
export function shownName({ name, run, dataset }: Pick<RunHead, 'name' | 'run' | 'dataset'>): string {
  return name === run && dataset.name !== '' ? dataset.name : name;
}
