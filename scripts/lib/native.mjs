import { ensureBinding, isWholeBinding } from './binding.mjs';
import { downloadWheel } from './download.mjs';
import { ensureLibrary, isWhole } from './library.mjs';
import { bindingFolder, libraryFolder } from './places.mjs';
import { SetupProblem } from './problem.mjs';
import { findTools } from './requirements.mjs';

/**
 * Brings native TensorFlow into the user's cache. What is missing for it is told and not thrown: the JavaScript backend
 * serves until it is mended.
 * @param {import('./places.mjs').Specification} specification
 * @param {string} cache
 * @returns {Promise<{ ready: true, changed: boolean } | { ready: false, reason: string, remedy: string }>}
 */
export async function ensureNative(specification, cache) {
  if (
    isWhole(specification, libraryFolder(specification, cache)) &&
    isWholeBinding(bindingFolder(specification, cache))
  ) {
    return { ready: true, changed: false };
  }
  try {
    const { pip, compiler } = await findTools(specification.platform);
    await ensureLibrary(specification, cache, (scratch) => downloadWheel(specification, scratch, pip));
    process.stderr.write('Compiling the TensorFlow binding\n');
    await ensureBinding(specification, cache, compiler);
    return { ready: true, changed: true };
  } catch (error) {
    if (error instanceof SetupProblem) return { ready: false, reason: error.message, remedy: error.remedy };
    throw error;
  }
}
