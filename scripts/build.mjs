#!/usr/bin/env node
/** Bundles the program: `node scripts/build.mjs [--watch]`. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { isWholeBinding } from './lib/binding.mjs';
import { runScript } from './lib/entry.mjs';
import { bindingFolder, readSpecification, root } from './lib/places.mjs';
import { SetupProblem } from './lib/problem.mjs';
import { createScratch, remove } from './lib/scratch.mjs';

const shims = 'src/engine/tensorflow/shims';

/** Runs in Node: name of the bundle -> its first module. */
const programs = {
  cli: 'src/cli/main.ts',
  trainer: 'src/trainer/main.ts',
  extension: 'src/extension/extension.ts',
  'set-up': 'scripts/set-up-library.mjs',
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

/**
 * Builds into a private folder and moves the files into place: a program that is starting never reads half of one.
 * @returns {Promise<string[]>} the folders of the packages that the bundles hold code of, relative to the clone
 */
export async function build() {
  const { build: bundle } = await import('esbuild');
  const target = join(root, 'dist');
  mkdirSync(target, { recursive: true });
  const scratch = createScratch(target);
  try {
    const all = [bundleOptions(scratch), pageOptions(scratch)];
    const results = await Promise.all(all.map((options) => bundle({ ...options, metafile: true })));
    chmodSync(join(scratch, 'cli.js'), 0o755);
    copyFileSync(join(root, 'scripts/lib/extract.py'), join(scratch, 'extract.py'));
    moveFiles(scratch, target);
    copyBinding(target);
    return packagesIn(results.map(({ metafile }) => metafile));
  } finally {
    remove(scratch);
  }
}

/**
 * Moves the files of a folder; maps first, so that a program that is there has its map.
 * @param {string} from
 * @param {string} to
 */
function moveFiles(from, to) {
  const names = readdirSync(from).sort((a, b) => Number(b.endsWith('.map')) - Number(a.endsWith('.map')));
  for (const name of names) renameSync(join(from, name), join(to, name));
}

/** The compiled TensorFlow binding goes with the program, so that its users need no compiler. @param {string} target */
function copyBinding(target) {
  const binding = bindingFolder(readSpecification());
  if (!isWholeBinding(binding)) return;
  const folder = join(target, 'native');
  const scratch = createScratch(target);
  try {
    for (const name of readdirSync(binding)) copyFileSync(join(binding, name), join(scratch, name));
    mkdirSync(folder, { recursive: true });
    moveFiles(scratch, folder);
  } finally {
    remove(scratch);
  }
}

/** @param {readonly import('esbuild').Metafile[]} metafiles */
function packagesIn(metafiles) {
  /** @type {Set<string>} */
  const packages = new Set();
  for (const output of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) packages.add(folder);
    }
  }
  return [...packages];
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
