import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import specification from './libtensorflow.json';

/** What set-up put into the user's cache; `reason` and `remedy` are one plain line each. */
export type NativeLocation =
  | {
      readonly status: 'found';
      /** Path of the compiled Node binding. */
      readonly binding: string;
      /** Path of the add-on that turns stderr away. */
      readonly stderr: string;
      /** Folder of libtensorflow. */
      readonly library: string;
      readonly version: string;
    }
  | { readonly status: 'missing'; readonly reason: string; readonly remedy: string };

/** Where set-up keeps the libraries and the binding; `scripts/lib/places.mjs` names them alike. */
export interface NativePlaces {
  readonly library: string;
  readonly binding: string;
}

/** A file whose content is known beforehand; `size` in bytes. */
export interface PinnedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const remedy = 'npm run setup';

/** Computes the cache folders from the environment (`XDG_CACHE_HOME`) and the pinned versions. */
export function nativePlaces(env: NodeJS.ProcessEnv = process.env): NativePlaces {
  const { version, platform, wheel, binding } = specification;
  const base = env.XDG_CACHE_HOME;
  const cache = base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache');
  const library = join(
    cache,
    'infonce-lab',
    `tensorflow-${version}-${platform}-${wheel.sha256.slice(0, 12)}`,
  );
  const key = createHash('sha256').update(JSON.stringify(binding)).digest('hex').slice(0, 12);
  return { library, binding: join(library, `binding-${key}`) };
}

/** Looks for a native TensorFlow that is whole by its sizes: loading a damaged library can end the process. */
export function locateNative(env: NodeJS.ProcessEnv = process.env): NativeLocation {
  const here = `${process.platform}-${process.arch}`;
  if (here !== specification.platform) {
    return missing(
      `native TensorFlow is set up for ${specification.platform} only, this is ${here}`,
      `use a ${specification.platform} machine for large data`,
    );
  }
  const { library, binding } = nativePlaces(env);
  for (const { name, size } of specification.libraries) {
    const found = sizeOf(join(library, name));
    if (found === undefined) return missing(`${name} is not in ${homely(library)}`, remedy);
    if (found !== size) {
      return missing(`${name} in ${homely(library)} is damaged: ${found} bytes instead of ${size}`, remedy);
    }
  }
  const files = readBindingManifest(binding);
  if (files === undefined) return missing(`the TensorFlow binding is not in ${homely(binding)}`, remedy);
  for (const { name, size } of files) {
    if (sizeOf(join(binding, name)) !== size) {
      return missing(`${name} in ${homely(binding)} is damaged`, remedy);
    }
  }
  return {
    status: 'found',
    binding: join(binding, 'tfjs_binding.node'),
    stderr: join(binding, 'stderr.node'),
    library,
    version: specification.version,
  };
}

/** Sizes and SHA-256 of the compiled add-ons as set-up noted them; undefined where the note cannot be read. */
export function readBindingManifest(folder: string): readonly PinnedFile[] | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as readonly PinnedFile[];
  } catch {
    return undefined;
  }
}

/** Writes a path below the home folder with `~`, so that reports can be shared. */
export function homely(path: string): string {
  const home = homedir();
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function missing(reason: string, remedy: string): NativeLocation {
  return { status: 'missing', reason, remedy };
}
