import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  Disposable,
  type Message,
  type MessageConnection,
  type NotificationMessage,
} from 'vscode-jsonrpc';

/** Anything that carries whole messages, or several in an array, typed arrays included: a forked process, a webview, a page. */
export interface Channel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

/** What the reader puts behind the last message: a channel counts as closed when all that came has been taken in. */
const end: NotificationMessage = { jsonrpc: '2.0', method: '$/end' };

class Reader extends AbstractMessageReader {
  #listener: DataCallback | undefined;

  constructor(private readonly channel: Channel) {
    super();
    channel.onClose(() => {
      if (this.#listener === undefined) this.close();
      else this.#listener(end);
    });
  }

  listen(callback: DataCallback): Disposable {
    this.#listener = callback;
    this.channel.onMessage((received) => {
      for (const message of Array.isArray(received) ? received : [received]) callback(message as Message);
    });
    return Disposable.create(() => undefined);
  }

  close(): void {
    this.fireClose();
  }
}

class Writer extends AbstractMessageWriter {
  constructor(private readonly channel: Channel) {
    super();
  }

  write(message: Message): Promise<void> {
    try {
      this.channel.post(message);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  end(): void {
    // A channel is closed by whoever owns the process or the panel.
  }
}

/**
 * JSON-RPC over a channel: answers find their questions, questions can be cancelled, and none is left open when the other
 * side goes. Whoever calls this has imported `vscode-jsonrpc/node` or `vscode-jsonrpc/browser`, which it rests on.
 */
export function connect(channel: Channel): MessageConnection {
  const reader = new Reader(channel);
  const connection = createMessageConnection(reader, new Writer(channel));
  connection.onNotification(end.method, () => reader.close());
  return connection;
}
