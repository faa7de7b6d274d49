#!/usr/bin/env node
/**
 * Measures the extension in a real VS Code and Chromium: `node bench/editor.mjs [figure…] [--vsix FILE] [--repetitions N]`.
 * Exit code 1 where a bound is missed. What it drives the editor with is the tests' own harness, in TypeScript: bundled first.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../scripts/lib/places.mjs';

// As deep as the sources: the scripts are not bundled, and are found from here by the same path.
const outfile = join(root, 'build/bench/editor.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/editor/main.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  external: ['../../scripts/*'],
  logLevel: 'warning',
});
await import(outfile);
