import path from 'node:path';
import { type ForkedProgram, forkProgram } from '../fork';
import type { PanelContext } from '../types';

/** Starts a process that answers questions about a run, when it is known what it computes with. */
export async function startExplorer({
  extension,
  native,
  log,
}: Pick<PanelContext, 'extension' | 'native' | 'log'>): Promise<ForkedProgram> {
  await native.ready();
  return forkProgram({
    module: extension.asAbsolutePath(path.join('dist', 'trainer.js')),
    args: ['explore'],
    cwd: extension.extensionPath,
    environment: native.environment(),
    onLine: (line) => log.info(`explorer: ${line}`),
  });
}
