import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SetupProblem } from './problem.mjs';

/**
 * Runs `main` if the module is the program that was started, and not when another one imports it.
 * What the user can mend ends in one line and exit code 2; the rest is our bug and keeps its stack.
 * @param {string} url `import.meta.url` of the module
 * @param {() => Promise<unknown>} main
 */
export async function runScript(url, main) {
  const started = process.argv[1];
  if (started === undefined || realpathSync(started) !== realpathSync(fileURLToPath(url))) return;
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    process.stderr.write(`error: ${error.message}: ${error.remedy}\n`);
    process.exitCode = 2;
  }
}
