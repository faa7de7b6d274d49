import type { Layout, Problem } from '../protocol/dataset';
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

/** `train.csv:12`, or as much of it as is known. */
export function placeName({ file, line }: { file?: string; line?: number }): string {
  if (file === undefined) return '';
  return line === undefined ? file : `${file}:${line}`;
}

/** A finding of the pre-flight on one line, with its place and how often it was found, unless the message begins with it. */
export function problemLine({ message, file, line, count: times = 1 }: Problem): string {
  const told = line === undefined && file !== undefined && message.includes(file);
  const place = told
    ? ''
    : placeName({ ...(file !== undefined && { file }), ...(line !== undefined && { line }) });
  const counted = times < 2 || Number.parseInt(message.replaceAll(',', ''), 10) === times;
  const about = [place, counted ? '' : count(times, 'time')].filter((part) => part !== '');
  return oneLine(`${message}${about.length === 0 ? '' : ` (${about.join(', ')})`}`);
}
