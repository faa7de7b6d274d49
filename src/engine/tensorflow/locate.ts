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
  | {
      readonly status: 'missing';
      readonly reason: string;
      readonly remedy: string;
      /** `library`: it can be fetched. `unsupported`: not on this machine. `refused`: whoever started the process does not want it. */
      readonly cause: 'library' | 'binding' | 'unsupported' | 'refused';
    };

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
const remedyInEditor = 'set up native TensorFlow in the editor, or choose a folder that has it';

/**
 * How one program tells another where native TensorFlow is, instead of the user's cache.
 * `INFONCE_LIBTENSORFLOW`: a folder with libtensorflow, of any version that works.
 * `INFONCE_BINDING`: a folder with the compiled binding. It finds a library that does not lie in the folder above it by
 * `LD_LIBRARY_PATH`, which has to be set before the process starts.
 * `INFONCE_WITHOUT_NATIVE`: native TensorFlow is not to be used, for this reason.
 */
export interface NativeVariables {
  readonly INFONCE_LIBTENSORFLOW?: string;
  readonly INFONCE_BINDING?: string;
  readonly LD_LIBRARY_PATH?: string;
  readonly INFONCE_WITHOUT_NATIVE?: string;
}

/** The folders that the environment names (`NativeVariables`), else those of the user's cache (`XDG_CACHE_HOME`). */
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
  const { INFONCE_LIBTENSORFLOW: chosen = library, INFONCE_BINDING: compiled } = env;
  return { library: chosen, binding: compiled ?? join(chosen, `binding-${key}`) };
}

/** Looks for a native TensorFlow that is whole by its sizes: loading a damaged library can end the process. */
export function locateNative(env: NodeJS.ProcessEnv = process.env): NativeLocation {
  const here = `${process.platform}-${process.arch}`;
  if (here !== specification.platform) {
    return missing(
      `native TensorFlow is set up for ${specification.platform} only, this is ${here}`,
      `use a ${specification.platform} machine for large data`,
      'unsupported',
    );
  }
  if (env.INFONCE_WITHOUT_NATIVE !== undefined) {
    return missing(env.INFONCE_WITHOUT_NATIVE, remedyInEditor, 'refused');
  }
  const { library, binding } = nativePlaces(env);
  const isChosen = env.INFONCE_LIBTENSORFLOW !== undefined;
  for (const { name, size } of specification.libraries) {
    const found = sizeOf(join(library, name));
    if (found === undefined) {
      return missing(`${name} is not in ${homely(library)}`, isChosen ? remedyInEditor : remedy, 'library');
    }
    // Whoever chooses a library may have another build of it.
    if (found !== size && !isChosen) {
      const damage = `${name} in ${homely(library)} is damaged: ${found} bytes instead of ${size}`;
      return missing(damage, remedy, 'library');
    }
  }
  const files = readBindingManifest(binding);
  if (files === undefined) {
    return missing(`the TensorFlow binding is not in ${homely(binding)}`, remedy, 'binding');
  }
  for (const { name, size } of files) {
    if (sizeOf(join(binding, name)) !== size) {
      return missing(`${name} in ${homely(binding)} is damaged`, remedy, 'binding');
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

type Missing = Extract<NativeLocation, { status: 'missing' }>;

function missing(reason: string, remedy: string, cause: Missing['cause']): Missing {
  return { status: 'missing', reason, remedy, cause };
}
