import path from 'node:path';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { ForkedProgram } from '../fork';
import type { Native } from '../types';

/** @param computes whether it is to compute: then it is first found out, or asked, what with. */
export type StartTrainer = (computes: boolean) => Promise<ForkedProgram>;

/** Starts trainer processes. */
export function trainerStarter(
  extension: ExtensionContext,
  native: Native,
  log: LogOutputChannel,
): StartTrainer {
  return async (computes) => {
    // Loaded with the first job: the extension starts without it.
    const [{ forkProgram }] = await Promise.all([import('../fork'), computes && native.ready()]);
    return forkProgram({
      module: path.join(extension.extensionPath, 'dist', 'trainer.js'),
      args: ['train'],
      cwd: extension.extensionPath,
      environment: native.environment(),
      onLine: (line) => log.info(`trainer: ${line}`),
    });
  };
}
