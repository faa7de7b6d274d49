import type { CancellationToken } from 'vscode-jsonrpc';
import { UserError } from '../../protocol/errors';
import { type ExploreRequests, exploreProtocol } from '../../protocol/explore';
import type { ForkedProgram } from '../fork';
import { ExplorerEnded, ExplorerProcess, type OnProgress } from './explorer-process';

/** So many processes in a row may end without an answer before it is left at that. */
const deathLimit = 2;

export interface ExplorerOptions {
  /** The run folder, absolute. */
  readonly run: string;
  readonly fork: () => Promise<ForkedProgram>;
  readonly onProgress: OnProgress;
  /** The process ends after so long without a question. */
  readonly idleMs?: number;
}

/**
 * Answers questions about one run, by a process that starts with the first question and ends after a while without any.
 * Another starts in place of one that died, once.
 */
export class Explorer {
  readonly #options: Required<ExplorerOptions>;
  #process: Promise<ExplorerProcess> | undefined;
  #open = 0;
  #deaths = 0;
  #idle: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: ExplorerOptions) {
    this.#options = { idleMs: 60_000, ...options };
  }

  /** What there is to look into; read anew each time. */
  async items(token: CancellationToken): Promise<ExploreRequests['open']['result']> {
    return await this.ask('open', { protocol: exploreProtocol, run: this.#options.run }, token);
  }

  /** @throws what the process says of the question, or a sentence about its end. */
  async ask<Q extends keyof ExploreRequests>(
    name: Q,
    params: ExploreRequests[Q]['params'],
    token: CancellationToken,
  ): Promise<ExploreRequests[Q]['result']> {
    clearTimeout(this.#idle);
    this.#open++;
    try {
      const answer = await (await this.#start()).ask(name, params, token);
      this.#deaths = 0;
      return answer;
    } catch (error) {
      throw this.#disposed ? closed() : error;
    } finally {
      this.#open--;
      if (this.#open === 0 && !this.#disposed)
        this.#idle = setTimeout(() => this.#end(), this.#options.idleMs);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#end();
  }

  #start(): Promise<ExplorerProcess> {
    if (this.#disposed) throw closed();
    if (this.#deaths >= deathLimit) throw tooManyDeaths(this.#deaths);
    this.#process ??= this.#fork();
    return this.#process;
  }

  #fork(): Promise<ExplorerProcess> {
    /** Not one that was ended here. */
    const lost = (died: boolean): void => {
      if (this.#process !== starting) return;
      this.#process = undefined;
      if (died) this.#deaths++;
    };
    const start = async (): Promise<ExplorerProcess> => {
      const { fork, run, onProgress } = this.#options;
      const process = await ExplorerProcess.open(await fork(), run, onProgress);
      process.onEnd(() => lost(true));
      return process;
    };
    const starting = start();
    starting.catch((error: unknown) => lost(error instanceof ExplorerEnded));
    return starting;
  }

  #end(): void {
    clearTimeout(this.#idle);
    const process = this.#process;
    this.#process = undefined;
    // One that could not be started has ended already.
    process?.then((running) => running.end()).catch(() => undefined);
  }
}

function closed(): UserError {
  return new UserError('panel-closed', 'The panel was closed before the answer came.');
}

function tooManyDeaths(deaths: number): UserError {
  return new UserError(
    'explorer-ended',
    `The process that looks into the run ended ${deaths} times before it could answer and is not started again: look into the log, then close the panel and open it again.`,
  );
}
