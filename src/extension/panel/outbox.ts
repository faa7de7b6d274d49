import { messageLimits } from '../../protocol/panel';
import { sizeOf } from './size';

/** Of the messages a second, so many are kept free for answers: they need not wait behind a training run. */
const reserved = 2;
export const factsPerSecond = messageLimits.perSecond - reserved;
/** Bytes of one fact: a few go together, and fill a message well. */
export const factLimit = messageLimits.bytes / 4;
const windowMs = 1_000;
/** A sign of life is asked for this often, and missed when so many messages have gone without it. */
const checkMs = 1_000;
const unansweredLimit = 30;

/** What has gone to a page. */
export interface Traffic {
  readonly messages: number;
  readonly bytes: number;
  /** The most in any second. */
  readonly perSecond: number;
  readonly largest: number;
}

export interface OutboxOptions {
  /** Hands several JSON-RPC messages over at once; false when there is no page to take them. */
  readonly send: (batch: readonly unknown[]) => PromiseLike<boolean>;
  /** Posts the next fact, of at most `factLimit`; false when there is none. Asked only when it can be sent. */
  readonly tell: () => boolean;
  /** Posts a question that the page answers when it has taken in what came before. An error is an answer, too. */
  readonly check: () => Promise<unknown>;
  /** The page answers again after it had not: what it missed was never kept. */
  readonly onRevived: () => void;
  readonly onLost: () => void;
}

interface Waiting {
  readonly message: unknown;
  readonly bytes: number;
}

/**
 * All that goes to one page, within the limits: what is there goes together, and what changes often is asked for only when
 * it can be sent, so that nothing piles up. A page that gives no sign of life is sent nothing more until it does.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: Waiting[] = [];
  /** When the messages of the last second were sent. */
  readonly #sent: number[] = [];
  #news = false;
  #timer: NodeJS.Timeout | undefined;
  #collecting = false;
  #closed = false;
  #checking = false;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #unanswered = 0;
  #traffic: Traffic = { messages: 0, bytes: 0, perSecond: 0, largest: 0 };

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** An answer, or a fact that `tell` was asked for. */
  post(message: unknown): void {
    if (this.#closed) return;
    this.#waiting.push({ message, bytes: sizeOf(message) });
    this.#schedule();
  }

  /** There is something to tell. */
  wake(): void {
    this.#news = true;
    this.#schedule();
  }

  dispose(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    clearTimeout(this.#timer);
  }

  get #stalled(): boolean {
    return this.#unanswered >= unansweredLimit;
  }

  /** At the earliest moment that the limits allow; what is posted in one turn goes together. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#collecting || this.#stalled) return;
    if (this.#waiting.length === 0 && !this.#news) return;
    const allowed = this.#waiting.length > 0 ? messageLimits.perSecond : factsPerSecond;
    this.#timer = setTimeout(() => this.#pump(allowed), this.#delay(allowed));
  }

  /** Milliseconds until fewer than `allowed` have gone in the last second. */
  #delay(allowed: number): number {
    const now = performance.now();
    while (this.#sent[0] !== undefined && this.#sent[0] <= now - windowMs) this.#sent.shift();
    const first = this.#sent[this.#sent.length - allowed];
    return first === undefined ? 0 : Math.ceil(first + windowMs - now);
  }

  #pump(allowed: number): void {
    // A timer may come early by a fraction of a millisecond.
    if (this.#delay(allowed) === 0) {
      this.#collect();
      this.#send(this.#take());
    }
    this.#schedule();
  }

  /** `check` and `tell` post what they have to say. */
  #collect(): void {
    this.#collecting = true;
    while (this.#news && this.#bytesWaiting <= messageLimits.bytes - factLimit) {
      this.#news = this.#options.tell();
    }
    if (this.#waiting.length > 0) this.#checkLife();
    this.#collecting = false;
  }

  get #bytesWaiting(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #checkLife(): void {
    const now = performance.now();
    if (this.#checking || now < this.#checkedAt + checkMs) return;
    this.#checking = true;
    this.#checkedAt = now;
    const alive = (): void => {
      const stalled = this.#stalled;
      this.#checking = false;
      this.#unanswered = 0;
      if (stalled && !this.#closed) this.#options.onRevived();
      this.#schedule();
    };
    this.#options.check().then(alive, alive);
  }

  /** At least one message, and as many more as fit. */
  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && bytes > messageLimits.bytes) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #send(batch: readonly Waiting[]): void {
    if (batch.length === 0) return;
    const now = performance.now();
    this.#sent.push(now);
    if (this.#checking) this.#unanswered++;
    const bytes = batch.reduce((sum, waiting) => sum + waiting.bytes, 0);
    const { messages, bytes: before, perSecond, largest } = this.#traffic;
    this.#traffic = {
      messages: messages + 1,
      bytes: before + bytes,
      perSecond: Math.max(perSecond, this.#sent.filter((at) => at > now - windowMs).length),
      largest: Math.max(largest, bytes),
    };
    const lost = (): void => {
      if (!this.#closed) this.#options.onLost();
    };
    this.#options
      .send(batch.map(({ message }) => message))
      .then((delivered) => (delivered ? undefined : lost()), lost);
  }
}
