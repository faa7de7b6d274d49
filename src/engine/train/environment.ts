import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../protocol/run';
import type { BackendInfo } from '../tensorflow/native';

/** The version in the package that this file is part of, built or not. */
export function programVersion(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    try {
      const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch (error) {
      const parent = path.dirname(folder);
      if (parent === folder) throw error;
      folder = parent;
    }
  }
}

/** What computes here, for the record of a run. */
export function environmentOf(backend: BackendInfo): Environment {
  return {
    version: programVersion(),
    backend: backend.name,
    tensorflow: backend.version,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    threads: backend.threads,
  };
}
