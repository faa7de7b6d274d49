import 'vscode-jsonrpc/browser';
import type { PanelChecks, PanelFacts, PanelRequests, PanelState, PanelWishes } from '../protocol/panel';
import { type Channel, connect } from '../rpc/channel';
import { type Conversation, typed } from '../rpc/typed';

interface VsCodeApi {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => PanelState | undefined;
  readonly setState: (state: PanelState) => void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The extension host, as the page sees it. */
export type Host = Conversation<PanelRequests, PanelWishes, PanelChecks, PanelFacts>;

/** What the page keeps over hiding and reloading. */
export interface Memory {
  read(): PanelState | undefined;
  write(state: PanelState): void;
}

/** To be called once: the editor hands its interface out a single time. */
export function connectHost(): { host: Host; memory: Memory } {
  const { postMessage: post, getState: read, setState: write } = acquireVsCodeApi();
  const channel: Channel = {
    post,
    onMessage(listener) {
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data));
    },
    // The page ends with its host.
    onClose: () => undefined,
  };
  return { host: typed(connect(channel)), memory: { read, write } };
}
