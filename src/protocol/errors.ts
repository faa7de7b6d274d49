import type { Failure } from './run';

/** Where a problem sits in the user's files. `line` is 1-based and counts physical lines. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
}

/**
 * Something the user can mend. The message says what failed, the offending value and what to do next;
 * it is printed as one line, without a stack (exit code 2). Everything else that is thrown is our bug (exit code 1).
 */
export class UserError extends Error {
  readonly code: string;
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(code: string, message: string, place: Place = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UserError';
    this.code = code;
    this.file = place.file;
    this.line = place.line;
  }
}

/** An error as the record of a run and the `failed` event have it. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof UserError)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, file, line } = error;
  return { code, message, ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
}
