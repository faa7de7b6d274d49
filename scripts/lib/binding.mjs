import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastLine } from './command.mjs';
import { bindingFolder, libraryFolder, root } from './places.mjs';
import { SetupProblem } from './problem.mjs';
import { commit, createScratch, remove } from './scratch.mjs';

/** @typedef {import('./places.mjs').Specification} Specification */

const bindingName = 'tfjs_binding.node';
const switchName = 'stderr.node';
const manifestName = 'manifest.json';

/** Whether the folder holds add-ons of the lengths that were noted when they were compiled. @param {string} folder */
export function isWholeBinding(folder) {
  try {
    /** @type {import('./places.mjs').Library[]} */
    const files = JSON.parse(readFileSync(join(folder, manifestName), 'utf8'));
    return files.length > 0 && files.every(({ name, size }) => statSync(join(folder, name)).size === size);
  } catch {
    return false;
  }
}

/**
 * Compiles the Node binding against the cached libtensorflow, unless that was done before.
 * @param {Specification} specification
 * @param {string} cache
 * @param {string} compiler
 * @returns {Promise<boolean>} whether anything had to be done
 */
export async function ensureBinding(specification, cache, compiler) {
  const target = bindingFolder(specification, cache);
  if (isWholeBinding(target)) return false;
  const library = libraryFolder(specification, cache);
  const scratch = createScratch(library);
  try {
    await compile(specification, compiler, library, scratch);
    await tryOut(scratch);
    const manifest = [bindingName, switchName].map((name) => {
      const content = readFileSync(join(scratch, name));
      return { name, size: content.length, sha256: sha256(content) };
    });
    writeFileSync(join(scratch, manifestName), JSON.stringify(manifest), { flush: true });
    await commit(scratch, target, () => isWholeBinding(target));
  } finally {
    remove(scratch);
  }
  return true;
}

/**
 * @param {Specification} specification
 * @param {string} compiler
 * @param {string} library
 * @param {string} folder
 */
async function compile({ binding }, compiler, library, folder) {
  const sources = join(root, 'node_modules', binding.package, 'binding');
  const switchSource = join(root, 'src/engine/tensorflow/stderr.cc');
  requirePinned(`the binding in ${binding.package}`, hashOfFiles(sources), binding.sha256);
  requirePinned('src/engine/tensorflow/stderr.cc', sha256(readFileSync(switchSource)), binding.stderr);
  const common = [...binding.flags, '-I', join(root, 'node_modules/node-api-headers/include')];
  await runCompiler(compiler, [...common, switchSource, '-o', join(folder, switchName)]);
  const paths = binding.sources.map((name) => join(sources, name));
  const libraries = ['-L', library, '-ltensorflow', '-l:libtensorflow_framework.so.2'];
  await runCompiler(
    compiler,
    common.concat('-I', join(library, 'include'), paths, libraries, '-o', join(folder, bindingName)),
  );
}

/**
 * @param {string} what
 * @param {string} found
 * @param {string} pinned
 */
function requirePinned(what, found, pinned) {
  if (found === pinned) return;
  throw new SetupProblem(
    `the source of ${what} is not the pinned one (SHA-256 ${found})`,
    'run `npm ci --ignore-scripts`; after a change, pin the new hash in src/engine/tensorflow/libtensorflow.json',
  );
}

/**
 * @param {string} compiler
 * @param {string[]} args
 */
async function runCompiler(compiler, args) {
  const outcome = await capture(compiler, args);
  if (outcome.code === 0) return;
  throw new SetupProblem(
    `${compiler} could not compile the binding (${firstError(outcome.stderr)})`,
    'a compiler with C++17 is needed: sudo apt install g++',
  );
}

/** Over names and contents, in order of the names. @param {string} folder */
function hashOfFiles(folder) {
  if (!existsSync(folder)) return 'absent';
  const lines = readdirSync(folder)
    .sort()
    .map((name) => `${name}\0${sha256(readFileSync(join(folder, name)))}\n`);
  return sha256(lines.join(''));
}

/** @param {string | Buffer} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** The line that says what went wrong, not the last of its consequences. @param {string} text */
function firstError(text) {
  return (
    text
      .split('\n')
      .find((line) => /\berror\b/i.test(line))
      ?.trim() ?? lastLine(text)
  );
}

/**
 * Loads the binding in a process of its own: one that crashes there would take the training down later.
 * @param {string} folder
 */
async function tryOut(folder) {
  const script =
    'const m = { exports: {} }; process.dlopen(m, process.argv[1]); console.log(m.exports.TF_Version);';
  const outcome = await capture(process.execPath, ['-e', script, join(folder, bindingName)]);
  if (outcome.code === 0) return;
  const how = outcome.signal === null ? lastLine(outcome.stderr) : `ended by ${outcome.signal}`;
  throw new SetupProblem(
    `the compiled binding does not load (${how})`,
    outcome.signal === 'SIGILL'
      ? 'this processor lacks instructions that TensorFlow is built with (AVX); nothing can be done about it here'
      : 'run `infonce doctor` for what was found on this machine',
  );
}
