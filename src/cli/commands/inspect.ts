import type { Command } from 'commander';
import { inspectForTraining } from '../../engine/train/preflight';
import type { InspectReport } from '../../protocol/dataset';
import { jsonOption } from '../options';
import { pageWidth, print, printJson, tell } from '../output';
import { progressDisplay } from '../progress';
import { readProgress } from '../reading';
import type { Stop } from '../stop';
import { bytes, count, cut, duration, integer, oneLine, table } from '../text';
import { layoutNames, problemLine } from '../words';

async function inspectShown(folder: string, json: boolean, stop: Stop): Promise<number> {
  const display = progressDisplay(json);
  const report = await inspectForTraining(folder, {
    signal: stop.signal,
    onProgress: readProgress(display),
  }).finally(() => display.clear());
  if (json) printJson(report);
  else if (report.layout !== null) for (const line of reportLines(folder, report)) print(line);
  if (report.ready) return 0;
  const first = report.problems.find(({ severity }) => severity === 'error');
  if (first !== undefined) tell(`error: ${problemLine(first)}`);
  return 2;
}

function reportLines(folder: string, report: InspectReport): string[] {
  const { layout, ready, splits, batch, estimate } = report;
  const width = pageWidth(process.stdout);
  const lines = [
    `${folder}: ${layout === null ? 'unknown' : layoutNames[layout]}, ${ready ? 'ready to train' : 'NOT READY'}`,
    ...section(
      'Splits',
      table(
        [
          ['', 'items', 'relations'],
          ...Object.entries(splits).map(([name, { items, relations }]) => [
            name,
            integer(items),
            integer(relations),
          ]),
        ],
        ['left', 'right', 'right'],
      ),
    ),
    ...section('Columns', table(columnRows(report))),
    ...section('First training rows', exampleLines(report, width - 2)),
    ...section('Findings', findingLines(report)),
  ];
  const plans = [];
  if (batch !== undefined) {
    const wrong = batch.expectedFalseNegatives;
    plans.push(
      `batches of ${batch.size}; on average ${wrong.toFixed(2)} other right answers in a batch for each row, left out of the loss`,
    );
  }
  if (estimate !== undefined) {
    const { steps, seconds, memoryBytes } = estimate;
    plans.push(`${count(steps, 'step')}, about ${duration(seconds)} and ${bytes(memoryBytes)} of memory`);
  }
  return [...lines, ...section('Training', plans)];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function columnRows({ columns }: InspectReport): string[][] {
  return Object.entries(columns).map(([role, names]: [string, string | readonly string[]]) => {
    if (typeof names === 'string') return [role, oneLine(names)];
    const shown = names.slice(0, 3).map(oneLine).join(', ');
    return [role, names.length > 3 ? `${shown}, … (${names.length} columns)` : shown];
  });
}

function exampleLines({ examples }: InspectReport, width: number): string[] {
  return examples.flatMap((example, row) =>
    table(
      Object.entries(example).map(([role, value], i) => [
        i === 0 ? `${row + 1}` : ' ',
        role,
        cut(oneLine(value), Math.max(20, width - 16)),
      ]),
    ),
  );
}

function findingLines({ problems }: InspectReport): string[] {
  return table(problems.map((problem) => [problem.severity, problemLine(problem)]));
}

export function addInspect(program: Command, stop: Stop): void {
  program
    .command('inspect')
    .description('what is in a folder; ready to train or not, and why')
    .argument('<folder>', 'the data')
    .addOption(jsonOption('one JSON object on stdout, and nothing else there'))
    .action(async (folder: string, { json }: { json?: true }) => {
      process.exitCode = await inspectShown(folder, json === true, stop);
    });
}
