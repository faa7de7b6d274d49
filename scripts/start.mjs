#!/usr/bin/env node
/** `npm start`: set-up, the sample data, a model trained on it, a look at what it learnt, and VS Code with the run open. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { capture, inherit } from './lib/command.mjs';
import { openEditor } from './lib/editor.mjs';
import { runScript } from './lib/entry.mjs';
import { formatAnswers, parseNeighbours, questions } from './lib/look-ups.mjs';
import { root } from './lib/places.mjs';
import { SetupProblem } from './lib/problem.mjs';
import { pack } from './package.mjs';
import { makeSample, sampleFolder, textSample } from './sample.mjs';
import { setUp } from './setup.mjs';

const program = join(root, 'dist/cli.js');
const runsFolder = join(sampleFolder, '.infonce/runs');

await runScript(import.meta.url, async () => {
  const unknown = process.argv.slice(2).find((argument) => argument !== '--headless');
  if (unknown !== undefined)
    throw new SetupProblem(`unknown option ${unknown}`, 'the only one is --headless');
  const bundled = await setUp();
  await makeSample();
  const before = new Set(listRuns());
  const code = await inherit(process.execPath, [program, 'train', textSample], { cwd: root });
  const run = listRuns().find((name) => !before.has(name));
  if (code !== 0 || run === undefined) {
    process.exitCode = code === 0 ? 1 : code;
    return;
  }
  await lookUp(join(runsFolder, run));
  if (!process.argv.includes('--headless')) await show(run, await pack(bundled));
});

/**
 * @param {string} run
 * @param {string} vsix
 */
async function show(run, vsix) {
  // The extension opens the panel of the run that is named here, and removes the file.
  writeFileSync(join(sampleFolder, '.infonce/open'), run);
  try {
    await openEditor(vsix, sampleFolder);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    // All the rest is done.
    process.stdout.write(`VS Code is not opened: ${error.message}. To mend it: ${error.remedy}\n`);
    process.stdout.write(
      `Or install ${relative(process.cwd(), vsix)} in your own ("Extensions: Install from VSIX…").\n`,
    );
  }
}

/** Names begin with the time, so the newest is first. @returns {string[]} */
function listRuns() {
  return existsSync(runsFolder) ? readdirSync(runsFolder).sort().reverse() : [];
}

/** @param {string} run */
async function lookUp(run) {
  const answers = [];
  for (const question of questions) {
    const args = [program, 'neighbours', run, '--text', question, '-k', '5', '--json'];
    const { code, stdout, stderr } = await capture(process.execPath, args);
    if (code !== 0) throw new Error(`infonce neighbours failed: ${stderr}`);
    answers.push({ question, neighbours: parseNeighbours(stdout) });
  }
  const path = relative(process.cwd(), run);
  process.stdout.write(`
Words for a description, nearest first:

${formatAnswers(answers)}
Next:
  npm run infonce -- neighbours ${path} --text "a machine that flies"
  npm run infonce -- train sample-workspace/digits
  npm run infonce -- inspect <a folder of your own>
`);
}
