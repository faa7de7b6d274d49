import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, inherit } from './command.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * Installs the Debian packages that are missing, where this user may; else the problem names the command.
 * @param {readonly string[]} packages
 * @param {string} purpose what they are for, in words
 */
export async function ensureDebianPackages(packages, purpose) {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !isCommand('apt-get')) {
    throw new SetupProblem(`${purpose} needs ${missing.join(', ')}`, `sudo ${command}`);
  }
  process.stderr.write(`Installing ${missing.join(', ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = async () => await capture('/bin/sh', ['-c', command], { env });
  // The lists of a fresh machine are empty or old; those of any other need no renewal.
  if ((await install()).code === 0) return;
  await inherit('apt-get', ['update', '-qq'], { env });
  const outcome = await install();
  if (outcome.code === 0) return;
  const said =
    outcome.stderr.split('\n').find((line) => line.startsWith('E:')) ?? `exit code ${outcome.code}`;
  throw new SetupProblem(`${missing.join(', ')} could not be installed (${said})`, `run \`${command}\``);
}

/** @param {readonly string[]} packages @returns {Promise<string[]>} */
async function missingPackages(packages) {
  const { stdout, found } = await capture('dpkg-query', [
    '-W',
    '-f',
    '${Package} ${db:Status-Status}\\n',
    ...packages,
  ]);
  // On another distribution nobody can tell; what is missing there shows when it is compiled.
  if (!found) return [];
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return packages.filter((name) => !installed.has(`${name} installed`));
}

/** Whether a program is on the path. @param {string} name */
export function isCommand(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}
