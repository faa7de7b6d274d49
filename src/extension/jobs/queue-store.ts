import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { commitFile, isMissing } from '../../engine/run/files';
import { type Hold, hold } from '../../engine/run/holder';
import { firstIssue } from '../../engine/run/record';
import { UserError } from '../../protocol/errors';
import type { WaitingJob } from './waiting';

const absolute = z
  .string()
  .max(4_096)
  .refine((text) => path.isAbsolute(text), 'not an absolute path');
const job: z.ZodType<WaitingJob> = z.strictObject({
  id: z.string().regex(/^job-[0-9a-f-]{36}$/),
  order: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('train'),
      folder: absolute,
      runsDir: absolute,
      name: z.exactOptional(z.string()),
      settings: z.record(z.string(), z.unknown()),
    }),
    z.strictObject({ type: z.literal('resume'), run: absolute }),
  ]),
  dataset: absolute,
});
const queueSchema = z.strictObject({ format: z.literal(1), jobs: z.array(job) });

const fileName = 'queue.json';

/** What windows that are gone have left. */
export interface LeftBehind {
  /** In the order in which they waited. */
  readonly jobs: readonly WaitingJob[];
  /** Whether another window has a queue still, which may be closing. */
  readonly othersLive: boolean;
  /** Why queues could not be read, for the user. */
  readonly damaged: readonly string[];
}

interface Slot {
  readonly folder: string;
  readonly hold: Hold;
}

/**
 * The jobs that wait, on disk: a numbered folder for each window of a workspace, which that window holds as a run is held.
 * So what one leaves behind is taken over by one other and by no more.
 */
export class QueueStore {
  readonly #root: string;
  #own: Slot | undefined;
  #kept: readonly WaitingJob[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** @param root absolute; the same for all windows of a workspace. Nothing is made there before something waits. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Takes over what waits in windows that are gone; it is kept here from then on. */
  async takeOver(): Promise<LeftBehind> {
    return await this.#inTurn(async () => {
      const found = new Map<string, WaitingJob>();
      const damaged: string[] = [];
      const freed: Slot[] = [];
      let othersLive = false;
      for (const folder of await this.#slots()) {
        if (folder === this.#own?.folder) continue;
        const slot = await take(folder);
        if (slot === undefined) {
          othersLive = true;
          continue;
        }
        try {
          for (const waiting of await readQueue(folder)) found.set(waiting.id, waiting);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          damaged.push(error.message);
        }
        if (this.#own === undefined) this.#own = slot;
        else freed.push(slot);
      }
      const jobs = [...found.values()];
      if (this.#own !== undefined) await this.#write([...this.#kept, ...jobs]);
      // Only now: what is in two places after a crash is one, by its id.
      for (const { folder, hold: held } of freed) {
        await writeQueue(folder, []);
        await held.release();
      }
      return { jobs, othersLive, damaged };
    });
  }

  /** Keeps these and no others. @throws UserError where nothing can be written. */
  async keep(jobs: readonly WaitingJob[]): Promise<void> {
    await this.#inTurn(async () => {
      if (jobs.length === 0 && this.#own === undefined) return;
      this.#own ??= await this.#takeFree();
      await this.#write(jobs);
    });
  }

  /** Leaves what is kept to the next window. */
  async release(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#own?.hold.release();
      this.#own = undefined;
    });
  }

  async #write(jobs: readonly WaitingJob[]): Promise<void> {
    await writeQueue((this.#own as Slot).folder, jobs);
    this.#kept = jobs;
  }

  async #slots(): Promise<string[]> {
    const names = await readdir(this.#root).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const numbered = names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
    return numbered.map((name) => path.join(this.#root, name));
  }

  /** A folder that nobody holds, and in which nothing was left. */
  async #takeFree(): Promise<Slot> {
    for (let number = 0; ; number++) {
      const folder = path.join(this.#root, String(number));
      await mkdir(folder, { recursive: true });
      const slot = await take(folder);
      if (slot === undefined) continue;
      const left = await readQueue(folder).catch(() => []);
      if (left.length === 0) return slot;
      await slot.hold.release();
    }
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return await result;
  }
}

/** @returns undefined where a live window has it */
async function take(folder: string): Promise<Slot | undefined> {
  try {
    return { folder, hold: await hold(folder) };
  } catch (error) {
    if (error instanceof UserError && error.code === 'run-held') return undefined;
    throw error;
  }
}

async function writeQueue(folder: string, jobs: readonly WaitingJob[]): Promise<void> {
  await commitFile(path.join(folder, fileName), JSON.stringify({ format: 1, jobs }));
}

/** @throws UserError where it is no queue. */
async function readQueue(folder: string): Promise<readonly WaitingJob[]> {
  const file = path.join(folder, fileName);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '{"format":1,"jobs":[]}';
    throw error;
  });
  const parsed = queueSchema.safeParse(json(text));
  if (parsed.success) return parsed.data.jobs;
  throw new UserError(
    'damaged-queue',
    `${file} cannot be read (${firstIssue(parsed.error)}): the runs that waited in it are lost, start them again`,
    { file },
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
