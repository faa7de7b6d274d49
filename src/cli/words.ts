import type { ItemKind, Layout, Problem } from '../protocol/dataset';
import { count, oneLine } from './text';

/** What a layout is called in a sentence. */
export const layoutNames: Readonly<Record<Layout, string>> = {
  pairs: 'text pairs',
  triplets: 'text triplets',
  'scored-pairs': 'scored text pairs',
  'labelled-texts': 'labelled texts',
  'labelled-images': 'labelled images',
  images: 'images without labels',
  'labelled-vectors': 'labelled vectors',
  vectors: 'vectors without labels',
  interactions: 'interactions of users and items',
};

/** The baseline that needs no model, by kind of item. */
export const modelFreeNames: Readonly<Record<ItemKind, string>> = {
  text: 'TF-IDF',
  image: 'pixels',
  vector: 'raw columns',
  id: 'popularity',
};

/** `train.csv:12`, or as much of it as is known. */
export function placeName({ file, line }: { file?: string; line?: number }): string {
  if (file === undefined) return '';
  return line === undefined ? file : `${file}:${line}`;
}

/** A finding of the pre-flight on one line. */
export function problemLine(problem: Problem): string {
  const place = placeName(problem);
  const about = [place, problem.count === undefined || problem.count < 2 ? '' : count(problem.count, 'time')]
    .filter((part) => part !== '')
    .join(', ');
  return oneLine(`${problem.message}${about === '' ? '' : ` (${about})`}`);
}
