import type { Command } from 'commander';
import { readAgain, takeUp } from '../../engine/train/resume-run';
import { jsonOption } from '../options';
import { tell } from '../output';
import { openRun } from '../places';
import { progressDisplay } from '../progress';
import { readProgress } from '../reading';
import type { Stop } from '../stop';
import { oneLine } from '../text';
import { runTraining } from '../training';

async function resumeRun(given: string, json: boolean, stop: Stop): Promise<number> {
  const startedAt = performance.now();
  const run = await openRun(given);
  await run.hold();
  try {
    const display = progressDisplay(json);
    const dataset = await readAgain(run, {
      signal: stop.signal,
      onProgress: readProgress(display),
    }).finally(() => display.clear());
    const prepared = await takeUp(run, dataset, (message) => tell(`warning: ${oneLine(message)}`));
    return await runTraining({ ...prepared, json, startedAt, display, stop });
  } finally {
    await run.release();
  }
}

export function addResume(program: Command, stop: Stop): void {
  program
    .command('resume')
    .description('go on with a run that was stopped, interrupted, or failed')
    .argument('<run>', 'its folder, or its id')
    .addOption(jsonOption())
    .action(async (run: string, { json }: { json?: true }) => {
      process.exitCode = await resumeRun(run, json === true, stop);
    });
}
