import type { SetUpFact } from '../../protocol/set-up';
import { forkProgram } from '../fork';

export interface LibraryProgramOptions {
  /** Absolute folder of the extension. */
  readonly extension: string;
  /** Absolute folder to put the library into. */
  readonly storage: string;
  readonly onFact: (fact: Extract<SetUpFact, { fact: 'progress' | 'waiting' }>) => void;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

export type LibraryOutcome =
  | { readonly outcome: 'ready' | 'cancelled' }
  | { readonly outcome: 'failed'; readonly reason: string; readonly remedy: string };

/** What it may take to remove what was begun, ms. */
const cleaningMs = 10_000;

/** How the user's pip reaches its index; a proxy is passed on by every fork. */
const ofPip =
  /^(PIP_\w+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|PYENV_\w+|VIRTUAL_ENV|CONDA_\w+)$/;

/** Fetches libtensorflow in a process of its own. Settles when that has ended, and does not reject. */
export async function fetchLibrary(options: LibraryProgramOptions): Promise<LibraryOutcome> {
  const { extension, storage, onFact, onLine, signal } = options;
  const program = forkProgram({
    module: `${extension}/dist/set-up.js`,
    args: [storage],
    cwd: extension,
    environment: Object.fromEntries(Object.entries(process.env).filter(([name]) => ofPip.test(name))),
    onLine,
  });
  let outcome: LibraryOutcome | undefined;
  program.channel.onMessage((message) => {
    const fact = message as SetUpFact;
    if (fact.fact === 'progress' || fact.fact === 'waiting') onFact(fact);
    else if (fact.fact === 'ready') outcome = { outcome: 'ready' };
    else outcome = { outcome: 'failed', reason: fact.reason, remedy: fact.remedy };
  });
  const cancel = (): void => program.end(cleaningMs);
  signal.addEventListener('abort', cancel, { once: true });
  const ending = await program.ended;
  signal.removeEventListener('abort', cancel);
  if (outcome !== undefined) return outcome;
  if (signal.aborted) return { outcome: 'cancelled' };
  const how = ending.error?.message ?? ending.lastLines.at(-1) ?? `ended by ${ending.signal ?? ending.code}`;
  return { outcome: 'failed', reason: how, remedy: 'try again' };
}
