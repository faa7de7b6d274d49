import { execFile } from 'node:child_process';
import path from 'node:path';
import { l10n, ProgressLocation, window, workspace } from 'vscode';
import { requireTrust } from '../ask';
import { programEnvironment } from '../fork';
import type { Lab } from './lab';

/** What `infonce doctor` prints; it ends with a code of its own when something is wrong, which is no failure here. */
function examine({ extension, native }: Lab, signal: AbortSignal): Promise<string> {
  const cli = path.join(extension.extensionPath, 'dist', 'cli.js');
  const env = programEnvironment(process.env, native.environment());
  const options = { cwd: extension.extensionPath, env, signal };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, 'doctor'], options, (error, stdout, stderr) => {
      if (stdout === '' && error !== null) reject(error);
      else resolve(stdout + stderr);
    });
  });
}

/** Examines the machine and the installation, and shows the findings as a document that can be passed on. */
export async function doctor(lab: Lab): Promise<void> {
  if (!(await requireTrust())) return;
  const title = l10n.t('InfoNCE Lab examines this machine');
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  const found = await window.withProgress(options, async (_progress, token) => {
    const ending = new AbortController();
    token.onCancellationRequested(() => ending.abort());
    return await examine(lab, ending.signal).catch((error: unknown) => {
      if (token.isCancellationRequested) return undefined;
      throw error;
    });
  });
  if (found === undefined) return;
  const state = lab.native.state;
  const backend =
    state === undefined
      ? []
      : [state.backend === 'native' ? `The extension uses ${state.library}` : state.because];
  const content = [`InfoNCE Lab ${lab.extension.extension.packageJSON.version}`, ...backend, '', found].join(
    '\n',
  );
  await window.showTextDocument(await workspace.openTextDocument({ language: 'plaintext', content }));
}
