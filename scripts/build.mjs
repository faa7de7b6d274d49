#!/usr/bin/env node
/** Bundles the program: `node scripts/build.mjs [--watch]`. */
import { chmodSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runScript } from './lib/entry.mjs';
import { root } from './lib/places.mjs';
import { SetupProblem } from './lib/problem.mjs';
import { createScratch, remove } from './lib/scratch.mjs';

const shims = 'src/engine/tensorflow/shims';

/** Runs in Node: name of the bundle -> its first module. */
const programs = {
  cli: 'src/cli/main.ts',
  trainer: 'src/trainer/main.ts',
  extension: 'src/extension/extension.ts',
};

/**
 * The bundles that run in Node.
 * @param {string} outdir
 * @param {Record<string, string>} [entryPoints]
 * @returns {import('esbuild').BuildOptions}
 */
export function bundleOptions(outdir, entryPoints = programs) {
  return {
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    banner: {
      js: "#!/usr/bin/env node\nconst importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    },
    // CommonJS has no import.meta of its own.
    define: { 'import.meta.url': 'importMetaUrl' },
    // The editor's own module, and native packages, loaded from node_modules.
    external: ['vscode', 'sharp', 'tokenizers'],
    // The ES modules of tfjs-core serve its deep imports too, so that there is one instance of it.
    mainFields: ['module', 'main'],
    alias: {
      '@tensorflow/tfjs': join(root, shims, 'tfjs.ts'),
      'node-fetch': join(root, shims, 'node-fetch.ts'),
    },
  };
}

/**
 * The panel's page: one script, one style sheet and the fonts that it names.
 * @param {string} outdir
 * @returns {import('esbuild').BuildOptions}
 */
export function pageOptions(outdir) {
  return {
    absWorkingDir: root,
    entryPoints: { webview: 'src/webview/main.ts' },
    outdir,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'linked',
    minify: true,
    legalComments: 'none',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    logLevel: 'warning',
  };
}

/** Builds into a private folder and moves the files into place: a program that is starting never reads half of one. */
export async function build() {
  const { build: bundle } = await import('esbuild');
  const target = join(root, 'dist');
  mkdirSync(target, { recursive: true });
  const scratch = createScratch(target);
  try {
    await Promise.all([bundle(bundleOptions(scratch)), bundle(pageOptions(scratch))]);
    chmodSync(join(scratch, 'cli.js'), 0o755);
    // Maps first: a program that is there has its map.
    const names = readdirSync(scratch).sort(
      (a, b) => Number(b.endsWith('.map')) - Number(a.endsWith('.map')),
    );
    for (const name of names) renameSync(join(scratch, name), join(target, name));
  } finally {
    remove(scratch);
  }
}

async function watch() {
  const { context } = await import('esbuild');
  const target = join(root, 'dist');
  for (const options of [bundleOptions(target), pageOptions(target)]) {
    const bundler = await context({ ...options, logLevel: 'info' });
    await bundler.watch();
  }
}

await runScript(import.meta.url, async () => {
  const unknown = process.argv.slice(2).find((argument) => argument !== '--watch');
  if (unknown !== undefined) throw new SetupProblem(`unknown argument ${unknown}`, 'the only one is --watch');
  await (process.argv.includes('--watch') ? watch() : build());
});
