import type { InspectReport, Problem, SplitName } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { readConfigFile } from './config';
import { type Dataset, relationCount } from './dataset';
import { expectedFalseNegatives } from './false-negatives';
import { bySeverity } from './problems';
import { shorten, whole } from './profile';
import { type ReadOptions, readDataset } from './read';
import { positivePairs } from './scores';

/** What the training would do with the data: it decides, the report passes it on. */
export interface InspectSettings {
  readonly batchSize: number;
  readonly estimate?: InspectReport['estimate'];
}

/**
 * The pre-flight of a dataset that has been read.
 * @param settings or why the data cannot be trained on after all.
 */
function inspect(dataset: Dataset, settings: InspectSettings | Problem): InspectReport {
  const splits: Partial<Record<SplitName, { items: number; relations: number }>> = {};
  for (const [name, split] of dataset.splits) {
    splits[name] = { items: split.items.length, relations: relationCount(split.relations) };
  }
  const failed = 'severity' in settings;
  const problems = [...dataset.problems, ...(failed ? [settings] : []), ...thresholdNote(dataset)];
  problems.sort(bySeverity);
  return {
    layout: dataset.layout,
    ready: !problems.some((problem) => problem.severity === 'error'),
    splits,
    columns: dataset.columns,
    problems,
    examples: examples(dataset),
    ...(failed ? {} : plans(dataset, settings)),
  };
}

function plans(
  dataset: Dataset,
  { batchSize, estimate }: InspectSettings,
): Pick<InspectReport, 'batch' | 'estimate'> {
  return {
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
  let dataset: Dataset;
  try {
    const config = options.config ?? (await readConfigFile(given)).dataset;
    dataset = await readDataset(given, { ...options, config });
  } catch (error) {
    return unreadable(error);
  }
  return await inspectDataset(dataset, options.settings);
}

/** The report on data that cannot be read at all. @throws what the user cannot mend. */
export function unreadable(error: unknown): InspectReport {
  const problems = [problemOf(error)];
  return { layout: null, ready: false, splits: {}, columns: {}, problems, examples: [] };
}

/** Reports on a dataset that has been read. What the user can mend is a problem in the report. */
export async function inspectDataset(
  dataset: Dataset,
  settings: InspectFolderOptions['settings'],
): Promise<InspectReport> {
  const unusable = withoutPositives(dataset);
  if (unusable !== undefined) return inspect(dataset, unusable);
  try {
    return inspect(dataset, await settings(dataset));
  } catch (error) {
    return inspect(dataset, problemOf(error));
  }
}

/** What the user can mend, as a finding; everything else is thrown on. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof UserError)) throw error;
  const { code, message, file, line } = error;
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
  return { severity: 'error', code, message, ...place, count: 1 };
}

const thresholdRemedy = '"positiveThreshold" in infonce.json changes it';

/** Scored pairs of which hardly any is a positive cannot be trained on. */
function withoutPositives(dataset: Dataset): Problem | undefined {
  if (dataset.positiveThreshold === undefined) return undefined;
  const count = positivePairs(dataset, 'train').anchor.length;
  if (count >= 2) return undefined;
  const [file = ''] = dataset.files;
  const which = count === 0 ? 'no training pair has' : 'only one training pair has';
  const message = `${which} a score of at least ${dataset.positiveThreshold}, and two such positives are the least to learn from; ${thresholdRemedy}`;
  return { severity: 'error', code: 'positive-threshold', message, file, count };
}

/** Where the line between positives and the rest was drawn. */
function thresholdNote(dataset: Dataset): Problem[] {
  if (dataset.positiveThreshold === undefined) return [];
  const count = positivePairs(dataset, 'train').anchor.length;
  if (count < 2) return [];
  const [file = ''] = dataset.files;
  const message = `${whole(count)} training pairs have a score of at least ${dataset.positiveThreshold} and are taken as positives; ${thresholdRemedy}`;
  return [{ severity: 'info', code: 'positive-threshold', message, file, count }];
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
