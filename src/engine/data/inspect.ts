import type { InspectReport, Problem, SplitName } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { readConfigFile } from './config';
import { type Dataset, relationCount } from './dataset';
import { expectedFalseNegatives } from './false-negatives';
import { bySeverity } from './problems';
import { shorten } from './profile';
import { type ReadOptions, readDataset } from './read';
import { positivePairs } from './scores';

/** What the training would do with the data: it decides, the report passes it on. */
export interface InspectSettings {
  readonly batchSize: number;
  readonly estimate?: InspectReport['estimate'];
}

/** The pre-flight of a dataset that has been read. */
export async function inspect(dataset: Dataset, settings: InspectSettings): Promise<InspectReport> {
  const splits: Partial<Record<SplitName, { items: number; relations: number }>> = {};
  for (const [name, split] of dataset.splits) {
    splits[name] = { items: split.items.length, relations: relationCount(split.relations) };
  }
  const problems = [...dataset.problems, ...thresholdProblems(dataset)].sort(bySeverity);
  const { batchSize, estimate } = settings;
  return {
    layout: dataset.layout,
    ready: !problems.some((problem) => problem.severity === 'error'),
    splits,
    columns: dataset.columns,
    problems,
    examples: examples(dataset),
    batch: { size: batchSize, expectedFalseNegatives: expectedFalseNegatives(dataset, batchSize) },
    ...(estimate === undefined ? {} : { estimate }),
  };
}

export interface InspectFolderOptions extends ReadOptions {
  /** Asked once the data is known. */
  readonly settings: (dataset: Dataset) => InspectSettings | Promise<InspectSettings>;
}

/**
 * Reads a folder (with its `infonce.json`, unless a config is given) and reports on it. What the user can mend is never
 * thrown: it is a problem in a report that is not `ready`.
 */
export async function inspectFolder(given: string, options: InspectFolderOptions): Promise<InspectReport> {
  try {
    const config = options.config ?? (await readConfigFile(given)).dataset;
    const dataset = await readDataset(given, { ...options, config });
    return await inspect(dataset, await options.settings(dataset));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problem: Problem = {
      severity: 'error',
      code: error.code,
      message: error.message,
      ...(error.file === undefined ? {} : { file: error.file }),
      ...(error.line === undefined ? {} : { line: error.line }),
      count: 1,
    };
    return { layout: null, ready: false, splits: {}, columns: {}, problems: [problem], examples: [] };
  }
}

/** Scored pairs of which hardly any is a positive cannot be trained on; where the line was drawn is told. */
function thresholdProblems(dataset: Dataset): Problem[] {
  if (dataset.positiveThreshold === undefined) return [];
  const [file = ''] = dataset.files;
  const count = positivePairs(dataset, 'train').anchor.length;
  const message = `${count} training pairs have a score of at least ${dataset.positiveThreshold} and are taken as positives; "positiveThreshold" in infonce.json changes it`;
  return [{ severity: count < 2 ? 'error' : 'info', code: 'positive-threshold', message, file, count }];
}

const exampleCount = 3;

function examples(dataset: Dataset): Record<string, string>[] {
  const relations = dataset.splits.get('train')?.relations;
  if (relations === undefined) return [];
  const rows = Math.min(exampleCount, relationCount(relations));
  return Array.from({ length: rows }, (_, row) => {
    switch (relations.type) {
      case 'pairs': {
        const width = relations.negativesPerRow;
        const negatives = [...relations.negatives.subarray(row * width, (row + 1) * width)].filter(
          (n) => n >= 0,
        );
        const names = dataset.layout === 'interactions' ? ['user', 'item'] : ['anchor', 'positive'];
        const pair = [showItem(dataset, relations.anchor[row]), showItem(dataset, relations.positive[row])];
        return Object.fromEntries([
          ...names.map((name, i) => [name, pair[i]]),
          ...negatives.map((item, i) => [
            i === 0 ? 'negative' : `negative ${i + 1}`,
            showItem(dataset, item),
          ]),
        ]);
      }
      case 'scored': {
        const score = String(Number((relations.score[row] as number).toPrecision(6)));
        return {
          anchor: showItem(dataset, relations.first[row]),
          positive: showItem(dataset, relations.second[row]),
          score,
        };
      }
      case 'members': {
        const item = relations.item[row] as number;
        const label = dataset.labels[dataset.items.label[item] as number];
        return { [dataset.items.kind]: showItem(dataset, item), ...(label === undefined ? {} : { label }) };
      }
    }
  });
}

function showItem({ items }: Dataset, item = -1): string {
  if (items.vectors === undefined) return shorten(items.content[item] ?? '', 400);
  const { data, width } = items.vectors;
  const shown = Array.from(data.subarray(item * width, item * width + Math.min(8, width)), (value) =>
    String(Number(value.toPrecision(6))),
  );
  return `${shown.join(', ')}${width > 8 ? `, … (${width} numbers)` : ''}`;
}
