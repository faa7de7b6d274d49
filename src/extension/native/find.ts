import { locateNative, type NativeVariables, readBindingManifest } from '../../engine/tensorflow/locate';
import { tryNative } from '../../engine/tensorflow/probe';

/** Where libtensorflow may be, the first that is there being taken. Absolute folders. */
export interface NativeSearch {
  /** What the user set, which nothing else replaces. */
  readonly chosen?: string;
  /** Where the extension sets it up, shared by all workspaces. */
  readonly storage: string;
  /** The compiled binding that comes with the extension. */
  readonly binding: string;
}

export type NativeFound =
  | { readonly status: 'found'; readonly library: string; readonly environment: NativeVariables }
  /** It can be fetched. */
  | { readonly status: 'absent' }
  /** It cannot be had, for a reason in words; `chosen` when what the user set is to blame. */
  | { readonly status: 'impossible'; readonly because: string; readonly chosen: boolean };

/** Looks at names and sizes only, so it takes no time. */
export function findNative({ chosen, storage, binding }: NativeSearch, env = process.env): NativeFound {
  // Before anything is fetched that nothing could use.
  if (readBindingManifest(binding) === undefined) {
    const here = `${process.platform}-${process.arch}`;
    return impossible(`this package of the extension has no native part for ${here}`, false);
  }
  const own = { INFONCE_BINDING: binding };
  if (chosen !== undefined) {
    const location = locateNative({ ...own, INFONCE_LIBTENSORFLOW: chosen });
    if (location.status === 'missing') return impossible(location.reason, true);
    return found(location.library, binding, env);
  }
  // The second is the cache that a clone of the repository fills.
  const caches = [
    { XDG_CACHE_HOME: storage },
    env.XDG_CACHE_HOME ? { XDG_CACHE_HOME: env.XDG_CACHE_HOME } : {},
  ];
  for (const cache of caches) {
    const location = locateNative({ ...own, ...cache });
    if (location.status === 'found') return found(location.library, binding, env);
    if (location.cause !== 'library') return impossible(location.reason, false);
  }
  return { status: 'absent' };
}

/**
 * Lets it compute in a process of its own, which survives what does not fit this machine.
 * @returns what went wrong, in a few words; undefined if it works
 */
export async function findFault({
  INFONCE_BINDING,
  LD_LIBRARY_PATH,
}: NativeVariables): Promise<string | undefined> {
  const result = await tryNative(`${INFONCE_BINDING}/tfjs_binding.node`, { LD_LIBRARY_PATH });
  return 'failure' in result ? result.failure : undefined;
}

function found(library: string, binding: string, env: NodeJS.ProcessEnv): NativeFound {
  const before = env.LD_LIBRARY_PATH;
  return {
    status: 'found',
    library,
    environment: {
      INFONCE_LIBTENSORFLOW: library,
      INFONCE_BINDING: binding,
      LD_LIBRARY_PATH: before === undefined || before === '' ? library : `${library}:${before}`,
    },
  };
}

function impossible(because: string, chosen: boolean): NativeFound {
  return { status: 'impossible', because, chosen };
}
