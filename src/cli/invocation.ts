import path from 'node:path';
import { shortPath } from './places';

/** As it must be typed in a shell. */
function quoted(argument: string): string {
  return /^[\w./:@%+,=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** What a command has to begin with so that it works here: `infonce` may not be on the PATH. */
export function programName(script = process.argv[1] ?? 'infonce', env = process.env): string {
  if (path.basename(script) === 'infonce') return 'infonce';
  if (env['npm_lifecycle_event'] !== undefined) return 'npm run infonce --';
  return `node ${quoted(shortPath(script))}`;
}

/** A command to type next, its arguments quoted where the shell needs it. */
export function commandLine(...args: readonly string[]): string {
  return [programName(), ...args.map(quoted)].join(' ');
}
