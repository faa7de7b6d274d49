#!/usr/bin/env node
/** `npm run workbench [-- FOLDER] [--port N]`: VS Code in the browser with the packaged extension, on the sample if no folder is named. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serveWorkbench } from './lib/editor.mjs';
import { runScript } from './lib/entry.mjs';
import { SetupProblem } from './lib/problem.mjs';
import { packageExtension } from './package.mjs';
import { makeSample, sampleFolder } from './sample.mjs';

await runScript(import.meta.url, async () => {
  const { folder, port } = readArguments();
  const vsix = await packageExtension();
  if (folder === undefined) await makeSample();
  await serveWorkbench(vsix, folder ?? sampleFolder, port);
});

/** @returns {{ folder: string | undefined, port: number | undefined }} */
function readArguments() {
  const { values, positionals } = parse();
  const [folder] = positionals;
  if (folder !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SetupProblem(`${folder} is not a folder`, 'name a folder to open');
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new SetupProblem(`--port ${values.port} is no port`, 'name a number from 1 to 65535');
  }
  return { folder: folder === undefined ? undefined : resolve(folder), port };
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { port: { type: 'string' } } });
  } catch (error) {
    throw new SetupProblem(/** @type {Error} */ (error).message, 'npm run workbench [-- FOLDER] [--port N]');
  }
}
