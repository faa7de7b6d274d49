import type { Page as PanelPage } from '../../src/webview/shell/page';

/** What was seen in one frame. Times are milliseconds since 1970 by this machine's clock. */
export interface Seen {
  /** When a mouse button was last let go. */
  mouseUp?: number;
  /** When the page told the extension that it is ready. */
  ready?: number;
  /** When each message came. */
  readonly messages: number[];
  /** When there was a new picture of the loss chart, and how many steps it has. */
  readonly drawn: { readonly at: number; readonly steps: number }[];
}

declare global {
  // oxlint-disable-next-line no-var -- only `var` declares a property of the global object
  var watched: Seen;
}

/**
 * Runs in every frame of the browser before its own scripts. It watches what the editor hands to a page, and what the page
 * draws: nothing of the extension is changed for it, and it holds nothing of this module.
 */
export function watchFrame(): void {
  // oxlint-disable-next-line consistent-function-scoping -- the browser gets this function alone
  const now = (): number => performance.timeOrigin + performance.now();
  const seen: Seen = { messages: [], drawn: [] };
  globalThis.watched = seen;
  addEventListener('mouseup', () => (seen.mouseUp = now()), true);

  interface Api {
    readonly postMessage: (message: unknown) => void;
  }
  let acquire: (() => Api) | undefined;
  const acquireWatched = (): Api | undefined => {
    const api = acquire?.();
    addEventListener('message', ({ data }) => {
      // What the extension sends comes in batches.
      if (Array.isArray(data)) seen.messages.push(now());
    });
    return (
      api && {
        ...api,
        postMessage(message: unknown) {
          if ((message as { method?: string }).method === 'ready') seen.ready ??= now();
          // oxlint-disable-next-line require-post-message-target-origin -- the editor is no window and has no origin
          api.postMessage(message);
        },
      }
    );
  };
  Object.defineProperty(globalThis, 'acquireVsCodeApi', {
    configurable: true,
    get: () => acquire && acquireWatched,
    set: (given: () => Api) => {
      acquire = given;
    },
  });

  // A curve that is stroked in a frame is on the screen when the next one begins.
  let awaited = false;
  const canvas = CanvasRenderingContext2D.prototype as {
    stroke: (this: CanvasRenderingContext2D, ...path: readonly Path2D[]) => void;
  };
  const { stroke } = canvas;
  canvas.stroke = function (...path) {
    Reflect.apply(stroke, this, path);
    if (awaited || this.canvas !== document.querySelector('[data-testid="loss-chart"] canvas')) return;
    awaited = true;
    const { store } = document.querySelector('infonce-page') as PanelPage;
    const steps = [...store.series.values()].reduce((sum, { length }) => sum + length, 0);
    requestAnimationFrame(() => {
      awaited = false;
      seen.drawn.push({ at: now(), steps });
    });
  };
}
