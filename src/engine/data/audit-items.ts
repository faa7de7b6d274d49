import { UserError } from '../../protocol/errors';
import type { ProblemLog } from './problems';
import { shorten, whole } from './profile';
import type { Built } from './raw';
import { splitCodes } from './split-names';

export function auditItems(built: Built, files: readonly string[], log: ProblemLog): void {
  if (built.items.kind === 'text') findUnreadableTexts(built, files, log);
  if (built.labels.length > 0) findLoneExamples(built, files, log);
  if (built.items.vectors !== undefined) findConstantColumns(built, files, log);
}

const plain = /[A-Za-z0-9]/;
const token = /[\p{L}\p{N}\p{S}]/u;

/** Texts in which no tokenizer finds anything: no letter, digit or symbol. */
function findUnreadableTexts({ items }: Built, files: readonly string[], log: ProblemLog): void {
  items.content.forEach((text, item) => {
    if (plain.test(text) || token.test(text.normalize('NFKC'))) return;
    const file = files[items.file[item] as number];
    const line = items.line[item] as number;
    const message = (): string =>
      `texts without a letter, digit or symbol say nothing: ${file}, line ${line}, "${shorten(text)}"`;
    log.add('warning', 'no-usable-token', message, { ...(file === undefined ? {} : { file }), line });
  });
}

function findLoneExamples(built: Built, files: readonly string[], log: ProblemLog): void {
  const { rows, items, labels } = built;
  const counts = new Int32Array(labels.length);
  const seenAt = new Int32Array(labels.length);
  rows.first.forEach((item, row) => {
    const label = items.label[item] as number;
    if (rows.split[row] !== splitCodes.train || label < 0) return;
    counts[label] = (counts[label] as number) + 1;
    seenAt[label] = row;
  });
  requireClasses(built, counts, files);
  const lone = [...counts.keys()].filter((label) => counts[label] === 1);
  const [first] = lone;
  if (first === undefined) return;
  const named = lone
    .slice(0, 5)
    .map((label) => `"${labels[label]}"`)
    .join(', ');
  const row = seenAt[first] as number;
  const file = files[rows.file[row] as number];
  const line = rows.line[row] as number;
  const message = `${lone.length === 1 ? '1 class' : `${whole(lone.length)} classes`} with one training example, which has no partner: ${named}${lone.length > 5 ? ', …' : ''}`;
  log.add('warning', 'single-example', message, {
    ...(file === undefined ? {} : { file }),
    ...(line > 0 ? { line } : {}),
    count: lone.length,
  });
}

/** A text has no view of itself: only a class with two examples has a pair, and only two such classes a negative. */
function requireClasses({ items, labels }: Built, counts: Int32Array, files: readonly string[]): void {
  if (items.kind !== 'text') return;
  const usable = [...counts.keys()].filter((label) => (counts[label] as number) >= 2);
  if (usable.length >= 2) return;
  const [only] = usable;
  const [file = ''] = files;
  const found =
    only === undefined
      ? 'no class has two training examples'
      : `the only class with two training examples is "${labels[only]}"`;
  const message = `${file}: ${found}; at least two such classes are needed to tell anything apart`;
  throw new UserError('one-class', message, { file });
}

function findConstantColumns({ items }: Built, files: readonly string[], log: ProblemLog): void {
  const { data, width } = items.vectors as NonNullable<Built['items']['vectors']>;
  const constant: number[] = [];
  for (let column = 0; column < width; column++) {
    let same = true;
    for (let at = column + width; same && at < data.length; at += width) same = data[at] === data[column];
    if (same) constant.push(column + 1);
  }
  if (constant.length === 0) return;
  const [file] = files;
  if (constant.length === width) {
    const message = `${file}: all ${items.count} rows are equal, so there is nothing to learn`;
    throw new UserError('all-rows-equal', message, file === undefined ? {} : { file });
  }
  const message = `${constant.length} of ${width} vector columns never change: number ${constant.slice(0, 8).join(', ')}${constant.length > 8 ? ', …' : ''}`;
  log.add('info', 'constant-columns', message, {
    ...(file === undefined ? {} : { file }),
    count: constant.length,
  });
}
