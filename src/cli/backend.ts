import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendInfo } from '../engine/tensorflow/native';
import type { Environment } from '../protocol/run';
import { tell } from './output';
import { oneLine } from './text';

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

/** `TensorFlow 2.21.0 (2 threads)`, or the JavaScript backend. */
export function backendName(backend: BackendInfo): string {
  if (backend.name === 'javascript') return `tfjs ${backend.version} in JavaScript`;
  return `native TensorFlow ${backend.version} (${backend.threads} ${backend.threads === 1 ? 'thread' : 'threads'})`;
}

/** Where native TensorFlow does not compute, that is said: the difference is a hundredfold. */
export function warnOfSlowBackend(backend: BackendInfo): void {
  if (backend.name === 'tensorflow') return;
  tell(
    `warning: ${oneLine(backend.reason)}; the JavaScript backend serves, about a hundred times slower. ` +
      `To mend it: ${oneLine(backend.remedy)}`,
  );
}

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
