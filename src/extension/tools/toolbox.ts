import {
  CancellationError,
  type CancellationToken,
  type Disposable,
  type PreparedToolInvocation,
  workspace,
} from 'vscode';
import { ResponseError } from 'vscode-jsonrpc/node';
import { UserError } from '../../protocol/errors';
import { sentence } from '../ask';
import { type Answer, characterLimit, compactJson } from './answer';
import { confusions } from './confusions';
import { ToolExplorers } from './explorers';
import { type Input, parseInput, type ToolName } from './inputs';
import { listRuns } from './list-runs';
import { neighbours } from './neighbours';
import { runMetrics } from './run-metrics';
import type { Tool, ToolLab } from './tool';
import { train } from './train';

const tools: { readonly [N in ToolName]: Tool<N> } = {
  infonce_list_runs: listRuns,
  infonce_run_metrics: runMetrics,
  infonce_neighbours: neighbours,
  infonce_confusions: confusions,
  infonce_train: train,
};

/** Checks what a model asks for, has it done, and bounds what it is answered. */
export class Toolbox implements Disposable {
  readonly #lab: ToolLab;
  readonly #explorers: ToolExplorers;

  constructor(lab: ToolLab) {
    this.#lab = lab;
    this.#explorers = new ToolExplorers(lab);
  }

  async prepare(name: ToolName, given: unknown): Promise<PreparedToolInvocation> {
    return await this.#guarded(name, given, async (tool, input) => await tool.prepare(input));
  }

  /**
   * @param tokens what the caller can take, where it says so
   * @returns compact JSON
   * @throws CancellationError as soon as it is taken back; else an error whose message is a sentence for the model
   */
  async answer(
    name: ToolName,
    given: unknown,
    token: CancellationToken,
    tokens: number | undefined,
  ): Promise<string> {
    const lab = { ...this.#lab, explorers: this.#explorers };
    return await this.#guarded(name, given, async (tool, input) => {
      const answer = await unlessCancelled(tool.answer(lab, input, token), token);
      return compactJson(answer, tool.lists, characterLimit(tokens));
    });
  }

  dispose(): void {
    this.#explorers.dispose();
  }

  async #guarded<N extends ToolName, T>(
    name: N,
    given: unknown,
    work: (tool: Tool<N>, input: Input<N>) => Promise<T>,
  ): Promise<T> {
    this.#lab.log.debug(name);
    try {
      requireTrust();
      return await work(tools[name], parseInput(name, given));
    } catch (error) {
      throw this.#told(error);
    }
  }

  #told(error: unknown): Error {
    if (error instanceof CancellationError) return error;
    if (error instanceof UserError) return new UserError(error.code, sentence(withPlace(error)));
    // What an explorer answers is a sentence already.
    if (error instanceof ResponseError) return new Error(sentence(error.message));
    this.#lab.log.error(error instanceof Error ? error : String(error));
    const message = error instanceof Error ? error.message : String(error);
    return new Error(`InfoNCE Lab failed (${message}): its log, by the command "Show Log", has the details.`);
  }
}

/** Before trust nothing is read: not even whether there is something to be read. */
function requireTrust(): void {
  if (workspace.isTrusted) return;
  throw new UserError(
    'not-trusted',
    'InfoNCE Lab reads and trains on files only in a workspace that the user trusts: ask them to run "Workspaces: Manage Workspace Trust".',
  );
}

function withPlace({ message, file, line }: UserError): string {
  if (file === undefined || message.includes(file)) return message;
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}

async function unlessCancelled(work: Promise<Answer>, token: CancellationToken): Promise<Answer> {
  let listening: Disposable | undefined;
  const cancelled = new Promise<never>((_, reject) => {
    const cancel = (): void => reject(new CancellationError());
    if (token.isCancellationRequested) cancel();
    else listening = token.onCancellationRequested(cancel);
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    listening?.dispose();
  }
}
