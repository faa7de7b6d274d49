import type { Command } from 'commander';
import { stopRun } from '../../engine/run/stop';
import { commandLine } from '../invocation';
import { tell } from '../output';
import { openRun, shortPath } from '../places';

async function stopShown(given: string): Promise<void> {
  const { path } = await openRun(given);
  const state = await stopRun(path);
  if (state === 'completed') tell('It was completed before it could be stopped.');
  else tell(`Stopped. To go on: ${commandLine('resume', shortPath(path))}`);
}

export function addStop(program: Command): void {
  program
    .command('stop')
    .description('stop a run that is being trained, with a checkpoint to go on from')
    .argument('<run>', 'its folder, or its id')
    .action(stopShown);
}
