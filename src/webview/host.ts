import 'vscode-jsonrpc/browser';
import type { PanelFacts, PanelRequests, PanelState, PanelWishes } from '../protocol/panel';
import { type Channel, connect } from '../rpc/channel';
import { type Conversation, typed } from '../rpc/typed';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

type NoRequests = Record<never, { params: unknown; result: unknown }>;

/** The extension host, as the page sees it. */
export type Host = Conversation<PanelRequests, PanelWishes, NoRequests, PanelFacts>;

/** What the page keeps over hiding and reloading. */
export interface Memory {
  read(): PanelState | undefined;
  write(state: PanelState): void;
}

/** To be called once: the editor hands its interface out a single time. */
export function connectHost(): { host: Host; memory: Memory } {
  const api = acquireVsCodeApi();
  const channel: Channel = {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => window.addEventListener('message', ({ data }: MessageEvent) => listener(data)),
    onClose: () => undefined,
  };
  return {
    host: typed(connect(channel)),
    memory: { read: () => api.getState(), write: (state) => api.setState(state) },
  };
}
