import { join } from 'node:path';
import { capture, lastLine } from './command.mjs';
import { isCommand } from './debian.mjs';
import { root } from './places.mjs';
import { ensureWorkbench } from './workbench.mjs';
import { installExtension, makeProfile, startWorkbench } from './workbench-server.mjs';

/** From a terminal inside of VS Code `code` is another program: it talks to that window, and knows no profile of our own. */
const isInsideEditor = process.env.VSCODE_IPC_HOOK_CLI !== undefined;

/**
 * Opens a folder in VS Code with the packaged extension, in a profile of its own within the clone: on the desktop where
 * there is one, else in the browser.
 * @param {string} vsix
 * @param {string} folder
 */
export async function openEditor(vsix, folder) {
  if (isCommand('code') && !isInsideEditor) await openDesktop(vsix, folder);
  else await serveWorkbench(vsix, folder);
}

/**
 * @param {string} vsix
 * @param {string} folder
 */
async function openDesktop(vsix, folder) {
  const { userData, extensions } = makeProfile(join(root, 'build/desktop'));
  const profile = ['--user-data-dir', userData, '--extensions-dir', extensions];
  // Electron's sandbox does not work for root, and `code` then refuses to start without this.
  if (process.getuid?.() === 0) profile.push('--no-sandbox');
  for (const args of [
    ['--install-extension', vsix, '--force'],
    ['--new-window', folder],
  ]) {
    const outcome = await capture('code', [...profile, ...args]);
    if (outcome.code !== 0) throw new Error(`code ${args.join(' ')} failed: ${lastLine(outcome.stderr)}`);
  }
  process.stdout.write(`VS Code opens on ${folder}.\n`);
}

/**
 * Serves VS Code on this machine's own address until Ctrl-C.
 * @param {string} vsix
 * @param {string} folder
 * @param {number} [port] a free one if absent
 */
export async function serveWorkbench(vsix, folder, port) {
  const workbench = await ensureWorkbench();
  const profile = makeProfile(join(root, 'build/workbench'));
  await installExtension(workbench, profile, vsix);
  const server = await startWorkbench(workbench, profile, port === undefined ? {} : { port });
  process.stdout.write(`
VS Code, with the extension installed:

  ${server.address}/?folder=${encodeURIComponent(folder)}

It listens on this machine only. Ctrl-C ends it.
`);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.once(signal, () => void server.stop());
  await server.ended;
}
