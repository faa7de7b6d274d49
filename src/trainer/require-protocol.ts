import { UserError } from '../protocol/errors';

/** @throws UserError where the program that asks is of another version than this one. */
export function requireProtocol(name: string, ours: number, theirs: number): void {
  if (theirs === ours) return;
  throw new UserError(
    'protocol',
    `the ${name} speaks version ${ours} of its protocol and was asked in version ${theirs}: reload the window, so that both are of one installation`,
  );
}
