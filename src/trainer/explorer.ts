import { type CancellationToken, ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import type { OnProgress } from '../engine/explore/long';
import { RunExplorer } from '../engine/explore/run-explorer';
import { failureOf, UserError } from '../protocol/errors';
import { type ExploreFacts, type ExploreRequests, exploreProtocol, type LongWork } from '../protocol/explore';
import { connect } from '../rpc/channel';
import { requestCancelled, requestFailed } from '../rpc/codes';
import { toParent } from '../rpc/process';
import { typed } from '../rpc/typed';
import { layOutInThread } from './explorer-layout';
import { paced } from './explorer-pace';
import { requireProtocol } from './require-protocol';

/** Answers questions about one run at a time for the process that forked this one, and ends with it. */
export function serveExplorer(): void {
  const host = typed<object, ExploreFacts, ExploreRequests, object>(connect(toParent()));
  // Nothing is under way that another process could miss: marks are written within one answer.
  host.onClose(() => process.exit(0));
  let explorer: RunExplorer | undefined;

  const telling =
    (what: LongWork): OnProgress =>
    (done, total) =>
      host.notify('progress', { what, done, total });
  const answer = <K extends keyof ExploreRequests>(
    name: K,
    work: (
      explorer: RunExplorer,
      params: ExploreRequests[K]['params'],
      signal: AbortSignal,
    ) => ExploreRequests[K]['result'] | Promise<ExploreRequests[K]['result']>,
  ): void =>
    host.answer(name, async (params, token) =>
      guarded(token, async (signal) => await work(opened(explorer), params, signal)),
    );

  host.answer('open', async ({ protocol, run }, token) =>
    guarded(token, async () => {
      requireProtocol('explorer', exploreProtocol, protocol);
      if (explorer?.folder !== run) {
        explorer?.dispose();
        explorer = undefined;
        explorer = await RunExplorer.open(run, layOutInThread, paced(telling('items')));
      }
      return await explorer.overview();
    }),
  );
  answer('neighbours', (explorer, query) => explorer.neighbours(query));
  answer('pairs', (explorer, query, signal) =>
    explorer.pairs(query, { signal, onProgress: paced(telling('pairs')) }),
  );
  answer('map', (explorer, query, signal) => explorer.map(query, { signal, onProgress: telling('map') }));
  answer('mapPoints', (explorer, query) => explorer.mapPoints(query));
  answer('items', (explorer, query) => explorer.items(query));
  answer('find', (explorer, query, signal) => explorer.find(query, signal));
  answer('labels', (explorer, query) => explorer.labels(query));
  answer('mark', (explorer, query) => explorer.mark(query));
}

function opened(explorer: RunExplorer | undefined): RunExplorer {
  if (explorer === undefined) throw new UserError('no-run', 'no run is open: open one first');
  return explorer;
}

/** Errors as they cross to the host: a sentence, and for those of the user their code and place. */
async function guarded<T>(token: CancellationToken, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancelled = new AbortController();
  const listening = token.onCancellationRequested(() => cancelled.abort());
  try {
    return await work(cancelled.signal);
  } catch (error) {
    if (cancelled.signal.aborted) throw new ResponseError(requestCancelled, 'the question was taken back');
    const failure = failureOf(error);
    if (error instanceof UserError) throw new ResponseError(requestFailed, failure.message, failure);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    throw new ResponseError(
      ErrorCodes.InternalError,
      `a fault of the program: ${failure.message}; the log has the details`,
      failure,
    );
  } finally {
    listening.dispose();
  }
}
