import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inherit } from './command.mjs';
import { SetupProblem } from './problem.mjs';

/** Names the lock file that node_modules was installed from; npm removes it together with the rest. */
const stampName = 'node_modules/.infonce-packages';

/**
 * Installs the npm packages that package-lock.json names, unless node_modules came from the same file.
 * Install scripts stay off: the only one needed, tfjs-node's, downloads a library that set-up gets by other means.
 * @param {string} root
 * @returns {Promise<boolean>} whether anything had to be done
 */
export async function ensurePackages(root) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, stampName);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  process.stderr.write('Installing packages (npm ci)\n');
  const code = await inherit('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
  if (code !== 0) {
    throw new SetupProblem(
      `npm ci failed (exit code ${code})`,
      'see its message above, then run the command again',
    );
  }
  writeFileSync(stamp, wanted);
  return true;
}
