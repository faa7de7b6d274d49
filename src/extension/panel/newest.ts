import { type CancellationToken, CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import { requestCancelled } from '../../rpc/codes';

/** Of questions of one kind only the newest is of interest: a newer one cancels the one before it. */
export class Newest {
  readonly #sources = new Map<string, CancellationTokenSource>();

  /** @throws ResponseError `RequestCancelled` at once where a newer question came, or the one who asked took it back. */
  async ask<T>(
    kind: string,
    token: CancellationToken,
    work: (token: CancellationToken) => Promise<T>,
  ): Promise<T> {
    this.#sources.get(kind)?.cancel();
    const source = new CancellationTokenSource();
    this.#sources.set(kind, source);
    const takenBack = token.onCancellationRequested(() => source.cancel());
    const superseded = new Promise<never>((_, reject) => {
      source.token.onCancellationRequested(() =>
        reject(new ResponseError(requestCancelled, 'A newer question was asked.')),
      );
    });
    try {
      return await Promise.race([work(source.token), superseded]);
    } finally {
      takenBack.dispose();
      if (this.#sources.get(kind) === source) this.#sources.delete(kind);
    }
  }
}
