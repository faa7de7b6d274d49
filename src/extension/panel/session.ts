import 'vscode-jsonrpc/node';
import type {
  PanelChecks,
  PanelFacts,
  PanelRequests,
  PanelSnapshot,
  PanelWishes,
} from '../../protocol/panel';
import { type Channel, connect } from '../../rpc/channel';
import { type Conversation, typed } from '../../rpc/typed';
import type { RunFeed } from './feed';
import { Outbox, type Traffic } from './outbox';
import { Teller } from './teller';

export type Page = Conversation<PanelChecks, PanelFacts, PanelRequests, PanelWishes>;

export interface SessionOptions {
  readonly feeds: readonly RunFeed[];
  readonly surroundings: () => Pick<PanelSnapshot, 'mode' | 'others' | 'words'>;
  readonly send: (batch: readonly unknown[]) => PromiseLike<boolean>;
  readonly onLost: () => void;
}

/** What a message from a page is about; an answer has no method. */
export function methodOf(message: unknown): string {
  const named = typeof message === 'object' && message !== null && 'method' in message;
  return named ? String(message.method) : 'an answer';
}

/** Whether a message is the first of a page: whatever was said to the page before it is nobody's business now. */
export function beginsSession(message: unknown): boolean {
  return methodOf(message) === 'ready';
}

/** The life of one page, from its `ready` until it is hidden, reloaded or closed. */
export class Session {
  readonly page: Page;
  readonly #outbox: Outbox;
  readonly #teller: Teller;
  #receive: (message: unknown) => void = () => undefined;
  #close = (): void => undefined;

  constructor({ feeds, surroundings, send, onLost }: SessionOptions) {
    this.#outbox = new Outbox({
      send,
      onLost,
      tell: () => this.#teller.next(),
      check: () => this.page.request('alive', {}),
      onRevived: () => {
        this.#teller.restart();
        this.wake();
      },
    });
    const channel: Channel = {
      post: (message) => this.#outbox.post(message),
      onMessage: (listener) => {
        this.#receive = listener;
      },
      onClose: (listener) => {
        this.#close = listener;
      },
    };
    this.page = typed(connect(channel));
    this.#teller = new Teller(feeds, surroundings, (name, fact) => this.page.notify(name, fact));
    this.wake();
  }

  get traffic(): Traffic {
    return this.#outbox.traffic;
  }

  receive(message: unknown): void {
    this.#receive(message);
  }

  /** Something may have changed. */
  wake(): void {
    this.#outbox.wake();
  }

  /** Turns the page to something. */
  aside<K extends 'show' | 'busy'>(name: K, fact: PanelFacts[K]): void {
    this.#teller.aside(name, fact);
    this.wake();
  }

  dispose(): void {
    this.#outbox.dispose();
    this.#close();
    this.page.dispose();
  }
}
