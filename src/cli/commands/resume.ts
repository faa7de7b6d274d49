import type { Command } from 'commander';
import { UserError } from '../../protocol/errors';
import { jsonOption } from '../options';
import { tell } from '../output';
import { datasetPath, openRun } from '../places';
import { progressDisplay } from '../progress';
import { readingOf, readShown } from '../reading';
import type { Stop } from '../stop';
import { oneLine } from '../text';
import { runTraining } from '../training';

async function resumeRun(given: string, json: boolean, stop: Stop): Promise<number> {
  const startedAt = performance.now();
  const run = await openRun(given);
  await run.hold();
  try {
    const { record } = run;
    if (record.state === 'completed') {
      throw new UserError('already-completed', `run ${run.id} is completed: there is nothing left to train`);
    }
    const display = progressDisplay(json);
    const folder = datasetPath(run);
    const dataset = await readShown(folder, {
      config: readingOf(run),
      seed: record.config.seed,
      signal: stop.signal,
      display,
    });
    if (dataset.fingerprint !== record.dataset.fingerprint) {
      throw new UserError(
        'dataset-changed',
        `${folder} has changed since run ${run.id} began, so it cannot go on exactly: restore the data, or train anew`,
        { file: folder },
      );
    }
    // Steps after the checkpoint are done again: the log's readers count each once.
    const passedOver: string[] = [];
    const from = (await run.latestCheckpoint((why) => passedOver.push(why)))?.step ?? 0;
    for (const why of passedOver) tell(`warning: a checkpoint is passed over: ${oneLine(why)}`);
    if (from === 0) {
      const none =
        passedOver.length > 0 ? 'no checkpoint can be used' : 'it was stopped before its first checkpoint';
      tell(`warning: ${none}, so the run begins again at step 1`);
    }
    run.appendMetrics({ event: 'resumed', step: from > 0 ? from : -1 });
    const { config, choices } = record;
    return await runTraining({
      dataset,
      datasetPath: folder,
      config,
      choices,
      run,
      resume: true,
      json,
      startedAt,
      display,
      stop,
    });
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
