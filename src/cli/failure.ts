import { systemError } from '../engine/run/files';
import { failureOf, UserError } from '../protocol/errors';
import { commandLine } from './invocation';
import { printJson, tell } from './output';
import { oneLine } from './text';

/** Commands that help on, by the code of the failure; the engine knows nothing of commands. */
const hints: Readonly<Record<string, readonly [command: string, does: string]>> = {
  'no-run': ['runs', 'lists the runs'],
  'no-model': ['resume', 'finishes a run'],
  'no-embeddings': ['resume', 'finishes a run'],
};

function withHint(error: UserError): UserError {
  const hint = Object.hasOwn(hints, error.code) ? hints[error.code] : undefined;
  if (hint === undefined) return error;
  const [command, does] = hint;
  const { file, line, cause } = error;
  const place = { ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
  return new UserError(error.code, `${error.message}; "${commandLine(command)}" ${does}`, place, { cause });
}

function place({ message, file, line }: UserError): string {
  if (file === undefined) return '';
  if (line === undefined) return message.includes(file) ? '' : ` (${file})`;
  return ` (${file}:${line})`;
}

/**
 * Tells of a failure: one line for what the user can mend, the stack for our own faults; with `json` also as the `failed`
 * event on stdout. Returns the exit code.
 */
export function reportFailure(thrown: unknown, json: boolean): 1 | 2 {
  const known = systemError(thrown);
  const error = known instanceof UserError ? withHint(known) : known;
  if (json) printJson({ event: 'failed', ...failureOf(error) });
  if (error instanceof UserError) {
    tell(`error: ${oneLine(error.message + place(error))}`);
    return 2;
  }
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  tell(
    'This is a fault of infonce, not yours. Please report it as an issue of the project, with the lines above and what ' +
      `"${commandLine('doctor')}" prints.`,
  );
  return 1;
}
