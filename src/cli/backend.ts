import type { BackendInfo } from '../engine/tensorflow/native';
import { tell } from './output';
import { oneLine } from './text';

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
