import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { listRuns, type RunListing } from '../../engine/run/list';
import { formatMetric } from '../../engine/run/words';
import { criterionOf } from '../../engine/train/best';
import { UserError } from '../../protocol/errors';
import { jsonOption } from '../options';
import { pageWidth, print, printJson } from '../output';
import { findRunsDir, shortPath } from '../places';
import { cut, oneLine, table } from '../text';

function figure(run: RunListing): string {
  if ('unreadable' in run) return '';
  const { metrics, dataset, failure } = run.record;
  if (run.state === 'failed' && failure !== undefined) return cut(oneLine(failure.message), 48);
  const { metric } = criterionOf(dataset.layout);
  return metrics?.[metric] === undefined ? '' : `${metrics.split} ${metric} ${formatMetric(metrics[metric])}`;
}

function row(run: RunListing): string[] {
  if ('unreadable' in run) return [run.id, 'unreadable', '', '', oneLine(run.unreadable)];
  const { name, dataset } = run.record;
  return [
    run.id,
    run.state,
    figure(run),
    oneLine(dataset.path.split(/[\\/]/).at(-1) ?? ''),
    name === run.id ? '' : oneLine(name),
  ];
}

function jsonOf(run: RunListing): object {
  if ('unreadable' in run) return { run: run.path, id: run.id, state: 'unreadable', message: run.unreadable };
  return { run: run.path, ...run.record, state: run.state };
}

async function listShown(given: string | undefined, json: boolean): Promise<void> {
  if (given !== undefined && !existsSync(given)) {
    throw new UserError('no-such-folder', `there is no folder ${given}`, { file: given });
  }
  const folder = findRunsDir(given);
  const runs = await listRuns(folder);
  if (json) {
    for (const run of runs) printJson(jsonOf(run));
    return;
  }
  if (runs.length === 0) {
    print(`No runs in ${shortPath(folder)}`);
    return;
  }
  print(`Runs in ${shortPath(folder)}`);
  const width = pageWidth(process.stdout);
  for (const line of table([['run', 'state', 'result', 'data', 'name'], ...runs.map(row)]))
    print(cut(line, width));
}

export function addRuns(program: Command): void {
  program
    .command('runs')
    .description('the runs of a folder, newest first')
    .argument('[dir]', 'a folder of runs, or one that has runs (default: here)')
    .addOption(jsonOption())
    .action(async (dir: string | undefined, { json }: { json?: true }) => {
      await listShown(dir, json === true);
    });
}
