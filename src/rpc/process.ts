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
      // It may have failed to start, ended, or closed its end.
      for (const event of ['error', 'exit', 'disconnect']) child.once(event, listener);
    },
  };
}

/** From a forked process to the one that forked it. */
export function toParent(): Channel {
  return {
    post(message) {
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => process.on('message', listener),
    onClose: (listener) => process.once('disconnect', listener),
  };
}
