import 'vscode-jsonrpc/node';
import type { ChildProcess } from 'node:child_process';
import type { Channel } from './channel';

/** To a process forked with `serialization: 'advanced'`. */
export function toChild(child: ChildProcess): Channel {
  return {
    post(message) {
      if (child.connected) child.send(message as object);
    },
    onMessage: (listener) => child.on('message', listener),
    onClose(listener) {
      // A process may be gone while its last answer is still in the pipe: the end of the channel counts.
      child.once('disconnect', listener);
      child.once('exit', () => {
        if (!child.connected) listener();
      });
      child.once('error', () => {
        // It never started.
        if (child.pid === undefined) listener();
      });
    },
  };
}

/** From a forked process to the one that forked it. */
export function toParent(): Channel {
  return {
    post(message) {
      // A parent that was killed breaks the pipe before its end is told; without a callback that would end this process.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => process.on('message', listener),
    onClose(listener) {
      if (process.connected) process.once('disconnect', listener);
      // It has gone while this program was loading.
      else setImmediate(listener);
    },
  };
}
