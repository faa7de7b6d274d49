import 'vscode-jsonrpc/node';
import type { CancellationToken } from 'vscode-jsonrpc';
import { UserError } from '../../protocol/errors';
import { type ExploreFacts, type ExploreRequests, exploreProtocol } from '../../protocol/explore';
import { connect } from '../../rpc/channel';
import { type Conversation, isGone, type Nothing, typed } from '../../rpc/typed';
import type { Ending, ForkedProgram } from '../fork';

type Talk = Conversation<ExploreRequests, Nothing, Nothing, ExploreFacts>;
export type OnProgress = (fact: ExploreFacts['progress']) => void;

/** The process ended before it answered. */
export class ExplorerEnded extends UserError {
  constructor({ error, signal, code, lastLines }: Ending) {
    const how = error?.message ?? (signal === null ? `exit code ${code}` : `ended by ${signal}`);
    const memory = signal === 'SIGKILL' ? ', perhaps because memory ran out' : '';
    // Of a stack, the line that says what was wrong.
    const last = lastLines.findLast((line) => /^\s*\w*Error\b/.test(line)) ?? lastLines.at(-1);
    const said = last === undefined ? '' : ` It said: ${last.trim()}`;
    super(
      'explorer-ended',
      `The process that looks into the run is gone (${how}${memory}): ask again, or look into the log.${said}`,
    );
  }
}

/** One life of the process that answers questions about a run. */
export class ExplorerProcess {
  readonly #talk: Talk;

  private constructor(
    private readonly program: ForkedProgram,
    onProgress: OnProgress,
  ) {
    this.#talk = typed(connect(program.channel));
    this.#talk.hear('progress', onProgress);
  }

  /** @throws what the process says of the run; ExplorerEnded. */
  static async open(program: ForkedProgram, run: string, onProgress: OnProgress): Promise<ExplorerProcess> {
    const explorer = new ExplorerProcess(program, onProgress);
    try {
      await explorer.ask('open', { protocol: exploreProtocol, run });
      return explorer;
    } catch (error) {
      explorer.end();
      throw error;
    }
  }

  /** @throws what the process answers; ExplorerEnded. */
  async ask<Q extends keyof ExploreRequests>(
    name: Q,
    params: ExploreRequests[Q]['params'],
    token?: CancellationToken,
  ): Promise<ExploreRequests[Q]['result']> {
    try {
      return await this.#talk.request(name, params, token);
    } catch (error) {
      throw isGone(error) ? new ExplorerEnded(await this.program.ended) : error;
    }
  }

  onEnd(handler: () => void): void {
    this.#talk.onClose(handler);
  }

  end(): void {
    this.#talk.dispose();
    this.program.end();
  }
}
