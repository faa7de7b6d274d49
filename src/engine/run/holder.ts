import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../protocol/errors';
import { fileError, isMissing, isTaken } from './files';

const holderSchema = z.object({
  pid: z.int(),
  /** Clock ticks from boot to the start of the process, where the system tells; tells a reused pid from the holder. */
  startTime: z.string().nullable(),
  host: z.string(),
  nonce: z.string().regex(/^[0-9a-f]{1,32}$/),
});
type Holder = z.infer<typeof holderSchema>;

/** Where the process cannot be looked up (another machine, no /proc), a holder silent for this long counts as gone. */
const silenceMs = 5 * 60_000;
const heartbeatMs = 30_000;

/** Field 22 of /proc/<pid>/stat; undefined when the process is gone or a zombie, null when the system has no /proc. */
function processStart(pid: number): string | null | undefined {
  try {
    readFileSync('/proc/self/stat');
  } catch {
    return null;
  }
  try {
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isAlive(holder: Holder, file: string): Promise<boolean> {
  if (holder.host === hostname()) {
    if (holder.pid <= 0) return false;
    const start = processStart(holder.pid);
    if (start !== null) return start === holder.startTime;
    if (!exists(holder.pid)) return false;
  }
  try {
    return Date.now() - (await stat(file)).mtimeMs < silenceMs;
  } catch {
    return false;
  }
}

/** The name of a torn file's successor: everybody must arrive at the same one. */
function tornNonce(file: string): string {
  return createHash('sha256').update(path.basename(file)).digest('hex').slice(0, 32);
}

/** Undefined when the file is not there. A file whose writer was killed half-way reads as a holder that is gone. */
async function readHolder(file: string): Promise<Holder | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      if (isMissing(error)) return undefined;
      // Created but not yet written: give its writer a moment.
      if (attempt === 10) return { pid: -1, startTime: '', host: hostname(), nonce: tornNonce(file) };
      await sleep(20);
    }
  }
}

/**
 * The files from `holder.json` to the present holder. A dead holder's file is not removed but followed by
 * `holder-<its nonce>.json`, whose exclusive creation only one contender can win, so no two ever take over at once.
 * @throws UserError `damaged-run` where a file leads back to one before it, which none of ours does.
 */
async function chain(folder: string): Promise<{ files: string[]; last: Holder | undefined; next: string }> {
  const files: string[] = [];
  let next = path.join(folder, 'holder.json');
  let last: Holder | undefined;
  for (;;) {
    const holder = await readHolder(next);
    if (holder === undefined) return { files, last, next };
    if (files.includes(next)) {
      throw new UserError('damaged-run', `${next} cannot be used: it names itself; remove it`, {
        file: next,
      });
    }
    files.push(next);
    last = holder;
    next = path.join(folder, `holder-${holder.nonce}.json`);
  }
}

/** The process that holds a run. */
export interface LiveHolder {
  readonly pid: number;
  /** The machine it runs on, where that is not this one. */
  readonly elsewhere?: string;
}

/** The live process that holds the run in this folder. */
export async function liveHolder(folder: string): Promise<LiveHolder | undefined> {
  const { files, last } = await chain(folder);
  if (last === undefined || !(await isAlive(last, files.at(-1) as string))) return undefined;
  return { pid: last.pid, ...(last.host !== hostname() && { elsewhere: last.host }) };
}

/** Whether a live process holds the run in this folder. */
export async function isHeld(folder: string): Promise<boolean> {
  return (await liveHolder(folder)) !== undefined;
}

export interface Hold {
  /** Gives the run back; twice is harmless. */
  release(): Promise<void>;
}

/**
 * Makes this process the only writer of a run.
 * @throws UserError `run-held` when another live process holds it.
 */
export async function hold(folder: string): Promise<Hold> {
  const mine: Holder = {
    pid: process.pid,
    startTime: processStart(process.pid) ?? null,
    host: hostname(),
    nonce: randomBytes(16).toString('hex'),
  };
  for (;;) {
    const { files, last, next } = await chain(folder);
    if (last !== undefined && (await isAlive(last, files.at(-1) as string))) {
      const where = last.host === mine.host ? '' : ` on ${last.host}`;
      throw new UserError(
        'run-held',
        `process ${last.pid}${where} is working on ${folder}: stop it first, or wait until it ends`,
        { file: folder },
      );
    }
    try {
      await writeFile(next, JSON.stringify(mine), { flag: 'wx' });
    } catch (error) {
      if (isTaken(error)) continue;
      throw fileError(error, 'write', next);
    }
    // Another may have released the chain while the last link was made: only one that begins at holder.json counts.
    const now = await chain(folder);
    if (now.last?.nonce === mine.nonce) return keep(now.files);
    await unlink(next).catch(() => undefined);
  }
}

function keep(files: readonly string[]): Hold {
  const own = files.at(-1) as string;
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(own, now, now).catch(() => undefined);
  }, heartbeatMs);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      // holder.json first: from then on the run is free, and what is left of the chain leads nowhere.
      for (const file of files) await unlink(file).catch(() => undefined);
    },
  };
}
