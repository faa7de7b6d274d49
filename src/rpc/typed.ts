import { type CancellationToken, ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc';

/** Requests by name, with what they take and answer. */
export type Requests<R> = { [K in keyof R]: { params: unknown; result: unknown } };

/** A side that asks, or tells, nothing. */
export type Nothing = { readonly [name in never]: never };

/** One end of a conversation: what it asks and tells, and what it is asked and told. */
export interface Conversation<Ask extends Requests<Ask>, Tell, Answer extends Requests<Answer>, Hear> {
  /** @throws what the other side threw (its message), or that the connection was closed. */
  request<K extends keyof Ask & string>(
    name: K,
    params: Ask[K]['params'],
    token?: CancellationToken,
  ): Promise<Ask[K]['result']>;
  notify<K extends keyof Tell & string>(name: K, params: Tell[K]): void;
  answer<K extends keyof Answer & string>(
    name: K,
    handler: (params: Answer[K]['params'], token: CancellationToken) => Promise<Answer[K]['result']>,
  ): void;
  hear<K extends keyof Hear & string>(name: K, handler: (params: Hear[K]) => void): void;
  /** Called once, when the other side is gone; requests under way are rejected. */
  onClose(handler: () => void): void;
  dispose(): void;
}

/** Gives a JSON-RPC connection the types of one boundary, and starts it listening. */
export function typed<Ask extends Requests<Ask>, Tell, Answer extends Requests<Answer>, Hear>(
  connection: MessageConnection,
): Conversation<Ask, Tell, Answer, Hear> {
  const closed: (() => void)[] = [];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    connection.dispose();
    for (const handler of closed) handler();
  };
  connection.onClose(close);
  connection.listen();
  return {
    async request(name, params, token) {
      // An undefined token would be sent as a second parameter.
      return token === undefined
        ? await connection.sendRequest(name, params)
        : await connection.sendRequest(name, params, token);
    },
    notify(name, params) {
      // A message to somebody who has just left is nobody's loss.
      if (open) connection.sendNotification(name, params).catch(() => undefined);
    },
    answer(name, handler) {
      connection.onRequest(name, async (params: never, token): Promise<unknown> => {
        try {
          return await handler(params, token);
        } catch (error) {
          if (error instanceof ResponseError) throw error;
          // The library would put words of its own before the sentence.
          throw new ResponseError(
            ErrorCodes.InternalError,
            error instanceof Error ? error.message : String(error),
          );
        }
      });
    },
    hear(name, handler) {
      connection.onNotification(name, handler);
    },
    onClose(handler) {
      closed.push(handler);
    },
    dispose: close,
  };
}

/** Whether a request failed because the other side is gone; else the error is what it answered. */
export function isGone(error: unknown): boolean {
  return !(error instanceof ResponseError) || error.code === ErrorCodes.PendingResponseRejected;
}
