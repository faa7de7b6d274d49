import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type LayOut, type LayoutTask, umapLayout } from '../engine/explore/map/umap';
import { paced } from './explorer-pace';

/** The role in which this program runs as the worker thread of an explorer. */
const layoutRole = 'layout';

type Told = { readonly done: number; readonly total: number } | { readonly layout: Float32Array };

/** Lays points out in a thread of its own, so that look-ups are answered meanwhile. */
export const layOutInThread: LayOut = async (task, { signal, onProgress }) => {
  signal?.throwIfAborted();
  // The bundle that runs here, in another role.
  const worker = new Worker(process.argv[1] as string, { argv: [layoutRole], workerData: task });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop);
  try {
    return await new Promise<Float32Array>((resolve, reject) => {
      worker.on('message', (told: Told) => {
        if ('layout' in told) resolve(told.layout);
        else onProgress?.(told.done, told.total);
      });
      worker.once('error', reject);
      worker.once('exit', () =>
        reject((signal?.reason as Error | undefined) ?? new Error('the layout has ended early')),
      );
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
};

/** The other side: one layout, told to the thread that asked. */
export async function serveLayout(): Promise<void> {
  if (isMainThread || parentPort === null) throw new Error('a layout is made in a worker thread only');
  const port = parentPort;
  const tell = (told: Told): void => port.postMessage(told);
  const layout = await umapLayout(workerData as LayoutTask, {
    onProgress: paced((done, total) => tell({ done, total })),
  });
  tell({ layout });
}
