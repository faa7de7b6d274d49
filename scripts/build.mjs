#!/usr/bin/env node
/** Bundles the program: `node scripts/build.mjs [--watch]`. */
import { chmodSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './lib/entry.mjs';
import { root } from './lib/places.mjs';
import { SetupProblem } from './lib/problem.mjs';
import { createScratch, remove } from './lib/scratch.mjs';

const shims = 'src/engine/tensorflow/shims';

/**
 * @param {string} outdir
 * @param {Record<string, string>} [entryPoints] name of the bundle -> its first module
 * @returns {import('esbuild').BuildOptions}
 */
export function bundleOptions(outdir, entryPoints = { cli: 'src/cli/main.ts' }) {
  return {
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    banner: {
      js: "#!/usr/bin/env node\nconst importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    },
    // CommonJS has no import.meta of its own.
    define: { 'import.meta.url': 'importMetaUrl' },
    // Native packages, loaded from node_modules.
    external: ['sharp', 'tokenizers'],
    // The ES modules of tfjs-core serve its deep imports too, so that there is one instance of it.
    mainFields: ['module', 'main'],
    alias: {
      '@tensorflow/tfjs': join(root, shims, 'tfjs.ts'),
      'node-fetch': join(root, shims, 'node-fetch.ts'),
    },
  };
}

/** Builds into a private folder and moves the files into place: a program that is starting never reads half of one. */
export async function build() {
  const { build: bundle } = await import('esbuild');
  const target = join(root, 'dist');
  mkdirSync(target, { recursive: true });
  const scratch = createScratch(target);
  try {
    await bundle(bundleOptions(scratch));
    chmodSync(join(scratch, 'cli.js'), 0o755);
    for (const name of ['cli.js.map', 'cli.js']) renameSync(join(scratch, name), join(target, name));
  } finally {
    remove(scratch);
  }
}

async function watch() {
  const { context } = await import('esbuild');
  const bundler = await context({ ...bundleOptions(join(root, 'dist')), logLevel: 'info' });
  await bundler.watch();
}

await runScript(import.meta.url, async () => {
  const unknown = process.argv.slice(2).find((argument) => argument !== '--watch');
  if (unknown !== undefined) throw new SetupProblem(`unknown argument ${unknown}`, 'the only one is --watch');
  await (process.argv.includes('--watch') ? watch() : build());
});
