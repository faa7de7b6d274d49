import type { CancellationToken, PreparedToolInvocation } from 'vscode';
import type { Lab } from '../commands/lab';
import type { Answer } from './answer';
import type { ToolExplorers } from './explorers';
import type { Input, ToolName } from './inputs';

/** What tools work with: the same services as commands and panels. */
export type ToolLab = Pick<Lab, 'extension' | 'runs' | 'native' | 'startTrainer' | 'log'>;

export interface Tool<N extends ToolName> {
  /** Lists of the answer that may be shortened where it is too long, the most dispensable first. */
  readonly lists: readonly string[];
  /** What the people who look on are told, or asked. Changes nothing. @throws UserError where it could not be done. */
  prepare(input: Input<N>): Promise<PreparedToolInvocation> | PreparedToolInvocation;
  /** @throws UserError that the model can act on. */
  answer(
    lab: ToolLab & { readonly explorers: ToolExplorers },
    input: Input<N>,
    token: CancellationToken,
  ): Promise<Answer>;
}
