import { Command, CommanderError } from 'commander';
import { programVersion } from '../engine/train/environment';
import { addDoctor } from './commands/doctor';
import { addEmbed } from './commands/embed';
import { addEvaluate } from './commands/evaluate';
import { addInspect } from './commands/inspect';
import { addNeighbours } from './commands/neighbours';
import { addResume } from './commands/resume';
import { addRuns } from './commands/runs';
import { addStop } from './commands/stop';
import { addTrain } from './commands/train';
import { reportFailure } from './failure';
import { printJson, tell } from './output';
import { type Stop, watchForStop } from './stop';
import { oneLine } from './text';

function createProgram(stop: Stop): Command {
  const program = new Command('infonce')
    .description('Train and inspect embedding models on your own data with InfoNCE, on native TensorFlow.')
    .version(programVersion())
    // Inherited by the commands, so it comes before them.
    .exitOverride()
    // A failure is one line, the suggestion included.
    .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) })
    .showSuggestionAfterError();
  addInspect(program, stop);
  addTrain(program, stop);
  addResume(program, stop);
  addStop(program);
  addEvaluate(program, stop);
  addNeighbours(program);
  addEmbed(program, stop);
  addRuns(program);
  addDoctor(program);
  return program;
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const stop = watchForStop();
  try {
    await createProgram(stop).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no failures; commander has printed its message.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (json && error.exitCode !== 0) {
        printJson({ event: 'failed', code: 'usage', message: error.message.replace(/^error: /, '') });
      }
    } else if (stop.signal.aborted && error instanceof Error && error.name === 'AbortError') {
      process.exitCode = stop.exitCode();
      if (stop.exitCode() !== 0) tell('Stopped; nothing was written.');
    } else process.exitCode = reportFailure(error, json);
  }
}

void main();
