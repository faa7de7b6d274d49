import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, lastLine } from './command.mjs';
import { remove } from './scratch.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

/**
 * A private profile: settings and extensions of its own, so that nothing of the user's takes part.
 * @typedef {object} Profile
 * @property {string} userData
 * @property {string} extensions
 */

/** The data are the whole point of the window: no start page, no assistants, nothing that phones home. */
const cleanSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.menuBarVisibility': 'compact',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Makes the folders of a profile.
 * @param {string} folder
 * @param {Record<string, unknown>} [settings] over the clean ones
 * @returns {Profile}
 */
export function makeProfile(folder, settings = {}) {
  const profile = { userData: join(folder, 'data'), extensions: join(folder, 'extensions') };
  mkdirSync(join(profile.userData, 'User'), { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  writeSettings(profile, settings);
  return profile;
}

/**
 * Replaces the settings of a profile; an open window takes them up at once.
 * @param {Profile} profile
 * @param {Record<string, unknown>} settings over the clean ones
 */
export function writeSettings({ userData }, settings) {
  const all = { ...cleanSettings, ...settings };
  writeFileSync(join(userData, 'User/settings.json'), `${JSON.stringify(all, null, 2)}\n`);
}

/**
 * Installs a packaged extension into a profile.
 * @param {Workbench} workbench
 * @param {Profile} profile
 * @param {string} vsix
 */
export async function installExtension(workbench, profile, vsix) {
  await withOwnFolder(async (own) => {
    const all = [workbench.entry, ...ownFiles(profile, own), '--install-extension', vsix, '--force'];
    const outcome = await capture(workbench.node, all, { env: environment(own) });
    if (outcome.code === 0) return;
    throw new Error(
      `${vsix} could not be installed: ${lastLine(outcome.stderr) || lastLine(outcome.stdout)}`,
    );
  });
}

/**
 * A running server.
 * @typedef {object} Server
 * @property {number} pid
 * @property {string} address `http://127.0.0.1:PORT`; nothing but this machine can reach it
 * @property {() => string} log what it has said so far
 * @property {Promise<void>} ended
 * @property {() => Promise<void>} stop ends it and the extension hosts below it
 */

/**
 * Starts the workbench and settles when it answers.
 * @param {Workbench} workbench
 * @param {Profile} profile
 * @param {{ port?: number, env?: NodeJS.ProcessEnv }} [options] without a port a free one is taken
 * @returns {Promise<Server>}
 */
export async function startWorkbench(workbench, profile, { port = 0, env = {} } = {}) {
  const own = mkdtempSync(join(tmpdir(), 'infonce-wb-'));
  const child = spawn(
    workbench.node,
    [workbench.entry, ...ownFiles(profile, own), '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`].concat(
      ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      // A window that is gone is not waited for: its extension host ends, and with it what that forked.
      ['--reconnection-grace-time', '5'],
    ),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(own), ...env } },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      log += text;
    });
  }
  const ended = once(child, 'close').then(() => remove(own));
  const stop = async () => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(kill);
  };
  const address = await addressOf(child.stdout, () => log, ended);
  return { pid: Number(child.pid), address, log: () => log, ended, stop };
}

/**
 * @param {import('node:stream').Readable} stdout
 * @param {() => string} log
 * @param {Promise<void>} ended
 * @returns {Promise<string>}
 */
function addressOf(stdout, log, ended) {
  return new Promise((resolve, reject) => {
    stdout.on('data', () => {
      const address = /HTTP server listening on (http:\/\/\S+?)\/?\s/.exec(log())?.[1];
      if (address !== undefined) resolve(address);
    });
    void ended.then(() => reject(new Error(`VS Code did not start: ${lastLine(log())}`)));
  });
}

/**
 * Runs `work` with a folder for the program's own files.
 * @param {(own: string) => Promise<void>} work
 */
async function withOwnFolder(work) {
  const own = mkdtempSync(join(tmpdir(), 'infonce-wb-'));
  try {
    await work(own);
  } finally {
    remove(own);
  }
}

/**
 * Keeps the program's own files out of the user's home, and out of paths too long for a socket.
 * @param {Profile} profile
 * @param {string} own
 */
function ownFiles({ userData, extensions }, own) {
  writeFileSync(join(own, 'config.yaml'), 'cert: false\n');
  return ['--config', join(own, 'config.yaml'), '--session-socket', join(own, 'session.sock')].concat(
    ['--user-data-dir', userData],
    ['--extensions-dir', extensions],
  );
}

/**
 * Started from a terminal of VS Code, the variables of that one would make it talk to that one.
 * @param {string} own
 */
function environment(own) {
  const foreign = /^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_OPTIONS$|PORT$)/;
  const passed = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(passed), XDG_DATA_HOME: own };
}
