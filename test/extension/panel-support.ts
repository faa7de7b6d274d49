import 'vscode-jsonrpc/node';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { RunFeed } from '../../src/extension/panel/feed';
import { beginsSession, Session } from '../../src/extension/panel/session';
import { sizeOf } from '../../src/extension/panel/size';
import type { Runs } from '../../src/extension/types';
import {
  type PanelChecks,
  type PanelFacts,
  type PanelRequests,
  type PanelWishes,
  panelProtocol,
  type RunHead,
} from '../../src/protocol/panel';
import { connect } from '../../src/rpc/channel';
import { type Conversation, typed } from '../../src/rpc/typed';
import { run, writePairs } from '../cli/support';

/** The list of runs with one run in it, whose head is changed by the test. */
export function runsWith(folder: string | undefined, head: Partial<RunHead> = {}): Runs & { head: RunHead } {
  const run = folder === undefined ? 'job-1' : path.basename(folder);
  const dataset = {
    name: 'data',
    path: folder === undefined ? '' : path.resolve(folder, '../../..', 'data'),
  };
  return {
    head: { run, name: run, state: 'completed', dataset, elsewhere: false, ...head },
    list() {
      return [this.head];
    },
    get(id) {
      return id === this.head.run ? this.head : undefined;
    },
    folderOf: (id) => (id === run ? folder : undefined),
    datasetOf: () => dataset.path,
    onDidChange: () => ({ dispose: () => undefined }),
    add: async () => ({ id: run }),
    reopen: async () => ({ id: run }),
    stop: async () => undefined,
    resume: async () => ({ id: run }),
    again: async () => ({ id: run }),
  };
}

/** How the editor carries a message to a page: as JSON, typed arrays beside it. */
function carried(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return value.map(carried);
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(parts.map(([key, part]) => [key, carried(part)]));
  }
  return JSON.parse(JSON.stringify(value)) as unknown;
}

type PageEnd = Conversation<PanelRequests, PanelWishes, PanelChecks, PanelFacts>;

export interface Told {
  readonly name: keyof PanelFacts;
  readonly fact: unknown;
}

export interface TestPage {
  readonly host: PageEnd;
  readonly session: () => Session;
  readonly told: readonly Told[];
  /** Every message that came, as one, with its time and size. */
  readonly messages: readonly { readonly at: number; readonly bytes: number }[];
  facts<K extends keyof PanelFacts>(name: K): PanelFacts[K][];
  /** A frozen page takes nothing in. */
  freeze(frozen: boolean): void;
  until(done: () => boolean): Promise<void>;
}

function ignore(_message: unknown): void {
  // Until the page listens.
}

/** A page beside the host: all but the editor and the drawing is the real thing. */
export function openPage(
  feeds: readonly RunFeed[],
  onBegin: (session: Session) => void = () => undefined,
): TestPage {
  const told: Told[] = [];
  const messages: { at: number; bytes: number }[] = [];
  const backlog: unknown[] = [];
  let frozen = false;
  let listener = ignore;
  let session: Session | undefined;
  const host: PageEnd = typed(
    connect({
      post(message) {
        const received = carried(message);
        if (beginsSession(received)) {
          session?.dispose();
          session = new Session({
            feeds,
            surroundings: () => ({ mode: 'run', others: [] }),
            async send(batch) {
              messages.push({ at: performance.now(), bytes: sizeOf(batch) });
              if (frozen) backlog.push(carried(batch));
              else setImmediate(() => listener(carried(batch)));
              return true;
            },
            onLost: () => undefined,
          });
          onBegin(session);
        }
        session?.receive(received);
      },
      onMessage(given) {
        listener = given;
      },
      onClose: () => undefined,
    }),
  );
  for (const name of ['snapshot', 'head', 'steps', 'evaluations', 'findings', 'show', 'busy'] as const) {
    host.hear(name, (fact) => told.push({ name, fact }));
  }
  host.answer('alive', async () => null);
  host.notify('ready', { protocol: panelProtocol });
  onTestFinished(() => session?.dispose());
  return {
    host,
    session: () => session as Session,
    told,
    messages,
    facts: <K extends keyof PanelFacts>(name: K) =>
      told.filter((one) => one.name === name).map(({ fact }) => fact as PanelFacts[K]),
    freeze(value) {
      frozen = value;
      if (!frozen) for (const batch of backlog.splice(0)) listener(batch);
    },
    async until(done) {
      const end = performance.now() + 20_000;
      while (!done()) {
        if (performance.now() > end)
          throw new Error(`the page was told: ${told.map(({ name }) => name).join(', ')}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

/** The rows of a run's log of one kind. */
export async function logRows(folder: string, event: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path.join(folder, 'metrics.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => row['event'] === event);
}

/** A run on `rows` pairs in `folder`. @returns its folder, absolute. */
export async function trainRun(folder: string, rows: number, ...options: readonly string[]): Promise<string> {
  const data = path.join(folder, 'data');
  await writePairs(data, rows);
  const { code, stderr } = await run(['train', data, ...options], folder);
  if (code !== 0) throw new Error(stderr);
  const runs = path.join(folder, '.infonce/runs');
  const [id = ''] = await readdir(runs);
  return path.join(runs, id);
}

/** All numbers of columns that came in parts. */
export function joined(parts: readonly Iterable<number>[]): number[] {
  return parts.flatMap((part) => Array.from(part));
}
