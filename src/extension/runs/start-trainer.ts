import path from 'node:path';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { ForkedProgram } from '../fork';
import type { Native } from '../types';

export type StartTrainer = () => Promise<ForkedProgram>;

/** A trainer process, once it is known what it computes with. */
export function trainerStarter(
  extension: ExtensionContext,
  native: Native,
  log: LogOutputChannel,
): StartTrainer {
  return async () => {
    // Loaded with the first job: the extension starts without it.
    const [{ forkProgram }] = await Promise.all([import('../fork'), native.ready()]);
    return forkProgram({
      module: path.join(extension.extensionPath, 'dist', 'trainer.js'),
      args: ['train'],
      cwd: extension.extensionPath,
      environment: native.environment(),
      onLine: (line) => log.info(`trainer: ${line}`),
    });
  };
}
