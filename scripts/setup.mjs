#!/usr/bin/env node
/** Everything that a clone needs before it can train: packages, native TensorFlow, the program. Safe to run at any time. */
import { join } from 'node:path';
import { build } from './build.mjs';
import { runScript } from './lib/entry.mjs';
import { withLock } from './lib/lock.mjs';
import { ensureNative } from './lib/native.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { cacheFolder, readSpecification, root } from './lib/places.mjs';
import { SetupProblem } from './lib/problem.mjs';

/** The oldest Node that sharp and the standard library calls of the engine work with. */
const oldestNode = [20, 9];

/**
 * Runs every step that has not been done; throws `SetupProblem` where nothing can work without it.
 * @returns {ReturnType<typeof build>}
 */
export async function setUp() {
  requireNode();
  return await withLock(
    join(root, 'build/setup.lock'),
    async () => {
      await ensurePackages(root);
      const specification = readSpecification();
      const native = await ensureNative(specification, cacheFolder());
      if (!native.ready) {
        process.stderr.write(
          `Native TensorFlow is not available: ${native.reason}. To mend it: ${native.remedy}\n` +
            'Until then the JavaScript backend serves, about a hundred times slower.\n',
        );
      } else if (native.changed) {
        process.stderr.write(`Native TensorFlow ${specification.version} is ready.\n`);
      }
      return await build();
    },
    () => process.stderr.write('Another set-up is running in this clone; waiting for it.\n'),
  );
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetupProblem(
    `Node ${oldestNode.join('.')} or newer is needed, this is ${process.versions.node}`,
    'install a current Node from your distribution or from nodejs.org',
  );
}

await runScript(import.meta.url, setUp);
