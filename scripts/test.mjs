#!/usr/bin/env node
/** `npm test [-- vitest arguments]`: set-up, every test, and a last line with the counts. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inherit } from './lib/command.mjs';
import { runScript } from './lib/entry.mjs';
import { root } from './lib/places.mjs';
import { remove } from './lib/scratch.mjs';
import { countTests } from './lib/test-counts.mjs';
import { setUp } from './setup.mjs';

const noTests = { passed: 0, failed: 0, skipped: 0 };

await runScript(import.meta.url, async () => {
  await setUp();
  const folder = mkdtempSync(join(tmpdir(), 'infonce-test-'));
  try {
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const code = await inherit(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
      cwd: root,
    });
    const counts = existsSync(report) ? countTests(JSON.parse(readFileSync(report, 'utf8'))) : noTests;
    // An error outside every test fails the run as well.
    const failed = Math.max(counts.failed, code === 0 ? 0 : 1);
    process.stdout.write(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
    process.exitCode = code;
  } finally {
    remove(folder);
  }
});
