import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Channel } from '../rpc/channel';
import { toChild } from '../rpc/process';

/** How a forked program ended: with an exit code, by a signal, or it could not be started. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It could not be started, or not be spoken to. */
  readonly error?: Error;
  /** The last lines of its stderr, for a message. */
  readonly lastLines: readonly string[];
}

/** A process of ours beside the extension host, and the channel to it. */
export interface ForkedProgram {
  readonly pid: number | undefined;
  readonly channel: Channel;
  /** Settles always, and never rejects. */
  readonly ended: Promise<Ending>;
  /** Closes the channel, upon which a program of ours ends by itself; it is killed when it has not after `graceMs`. */
  end(graceMs?: number): void;
  kill(signal?: NodeJS.Signals): void;
}

export interface ForkOptions {
  /** Absolute path of the bundle, `dist/trainer.js`. */
  readonly module: string;
  /** What it is to be: `train`, `explore`, … */
  readonly args: readonly string[];
  /** Absolute path of the extension's folder: never the user's, whose `node_modules` could be picked up. */
  readonly cwd: string;
  /** Besides what is passed on from the editor: where native TensorFlow is. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Called for each line of stderr. */
  readonly onLine: (line: string) => void;
}

const keptLines = 20;
/** How long its last lines are waited for after its end: a process that it left behind may keep stderr open. */
const readingMs = 500;

/** All that is passed on of the editor's environment; the rest (`NODE_OPTIONS`, tokens) is nobody's business there. */
const passedOn =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|WINDIR|TMPDIR|TEMP|TMP|XDG_CACHE_HOME|LANG|LC_ALL|TZ|https?_proxy|no_proxy|all_proxy)$/i;

/** The environment of a forked program. Under Electron it makes the editor's executable a plain Node. */
export function programEnvironment(
  own: Readonly<NodeJS.ProcessEnv>,
  additions: Readonly<NodeJS.ProcessEnv>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => passedOn.test(name));
  return { ...Object.fromEntries(kept), ...additions, ELECTRON_RUN_AS_NODE: '1' };
}

/** Forks a bundle of ours with the editor's own Node. Never throws: what fails is told by `ended`. */
export function forkProgram({ module, args, cwd, environment, onLine }: ForkOptions): ForkedProgram {
  const child = fork(module, args, {
    cwd,
    env: programEnvironment(process.env, environment),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastLines: string[] = [];
  const lines = createInterface(child.stderr as Readable);
  lines.on('line', (line) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    onLine(line);
  });
  const allRead = new Promise<void>((resolve) => {
    lines.once('close', resolve);
  });
  const ended = endingOf(child, allRead, lastLines);
  return {
    pid: child.pid,
    channel: toChild(child),
    ended,
    end(graceMs = 2_000) {
      if (child.connected) child.disconnect();
      void Promise.race([ended, setTimeout(graceMs, undefined, { ref: false })]).then(() =>
        child.kill('SIGKILL'),
      );
    },
    kill: (signal = 'SIGTERM') => void child.kill(signal),
  };
}

/** Not by the event `close`, which does not come where this side closed the channel. */
function endingOf(
  child: ChildProcess,
  allRead: Promise<void>,
  lastLines: readonly string[],
): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const end = (): void => resolve({ code, signal, lastLines });
      void Promise.race([allRead, setTimeout(readingMs, undefined, { ref: false })]).then(end);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error, lastLines });
    });
  });
}
