import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox, type OutboxOptions } from '../../src/extension/panel/outbox';
import { sizeOf } from '../../src/extension/panel/size';
import { messageLimits } from '../../src/protocol/panel';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Sent {
  readonly at: number;
  readonly batch: readonly unknown[];
}

/** A page that takes everything, and gives signs of life as told. */
function outboxTo(options: Partial<OutboxOptions> = {}): { outbox: Outbox; sent: Sent[] } {
  const sent: Sent[] = [];
  const outbox = new Outbox({
    send: async (batch) => {
      sent.push({ at: performance.now(), batch });
      return true;
    },
    tell: () => false,
    check: async () => undefined,
    onRevived: () => undefined,
    onLost: () => undefined,
    ...options,
  });
  return { outbox, sent };
}

function mostInASecond(sent: readonly Sent[]): number {
  return Math.max(
    ...sent.map(({ at }) => sent.filter((other) => other.at > at - 1_000 && other.at <= at).length),
  );
}

describe('what goes to a page', () => {
  it('sends what is posted in one turn together, in its order', async () => {
    const { outbox, sent } = outboxTo();
    for (const message of ['a', 'b', 'c']) outbox.post(message);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ batch }) => batch)).toEqual([['a', 'b', 'c']]);
  });

  it('sends at most ten messages in any second, and loses none', async () => {
    const { outbox, sent } = outboxTo();
    for (let i = 0; i < 500; i++) {
      outbox.post(i);
      await vi.advanceTimersByTimeAsync(7);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent.flatMap(({ batch }) => batch)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(mostInASecond(sent)).toBe(messageLimits.perSecond);
    expect(outbox.traffic.perSecond).toBe(messageLimits.perSecond);
  });

  it('keeps room for answers while facts never end', async () => {
    const { outbox, sent } = outboxTo({
      tell: () => {
        outbox.post('fact');
        return false;
      },
    });
    let waited = 0;
    for (let i = 0; i < 400; i++) {
      outbox.wake();
      if (i % 100 === 99) {
        const asked = performance.now();
        outbox.post('answer');
        await vi.advanceTimersByTimeAsync(1);
        const answered = sent.findLast(({ batch }) => batch.includes('answer'));
        waited = Math.max(waited, (answered?.at ?? Number.POSITIVE_INFINITY) - asked);
      }
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(waited).toBeLessThanOrEqual(1);
    expect(mostInASecond(sent)).toBeLessThanOrEqual(messageLimits.perSecond);
  });

  it('fills messages up to the limit, and splits what does not fit', async () => {
    let left = 100;
    const part = 'x'.repeat(30 * 1024);
    const { outbox, sent } = outboxTo({
      tell() {
        if (left === 0) return false;
        left--;
        outbox.post({ left, part });
        return true;
      },
    });
    outbox.wake();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.flatMap(({ batch }) => batch)).toHaveLength(100);
    const sizes = sent.map(({ batch }) => sizeOf(batch));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(messageLimits.bytes);
    // With seven of them there is no room for a fact of the largest size.
    expect(sent).toHaveLength(15);
    expect(outbox.traffic).toMatchObject({
      messages: 15,
      bytes: expect.closeTo(100 * sizeOf({ left, part }), -3),
    });
  });

  it('asks for facts only when they can be sent', async () => {
    const asked: number[] = [];
    const { outbox, sent } = outboxTo({
      tell() {
        asked.push(performance.now());
        outbox.post('newest');
        return false;
      },
    });
    for (let i = 0; i < 1_000; i++) {
      outbox.wake();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(asked).toHaveLength(sent.length);
    expect(sent.length).toBeLessThan(10);
  });

  it('sends nothing more to a page that gives no sign of life, and begins again when it does', async () => {
    let revived = 0;
    const answers: (() => void)[] = [];
    const { outbox, sent } = outboxTo({
      tell() {
        outbox.post('fact');
        return false;
      },
      check: () =>
        new Promise<void>((resolve) => {
          answers.push(resolve);
        }),
      onRevived: () => {
        revived++;
        outbox.wake();
      },
    });
    const live = async (ms: number): Promise<void> => {
      for (let i = 0; i < ms / 10; i++) {
        outbox.wake();
        await vi.advanceTimersByTimeAsync(10);
      }
    };
    await live(20_000);
    const frozen = sent.length;
    expect(frozen).toBeLessThanOrEqual(31);
    await live(5_000);
    expect(sent).toHaveLength(frozen);
    answers.shift()?.();
    await live(100);
    expect(revived).toBe(1);
    expect(sent.length).toBeGreaterThan(frozen);
  });

  it('takes an error for a sign of life', async () => {
    const { outbox, sent } = outboxTo({ check: async () => Promise.reject(new Error('no such method')) });
    for (let i = 0; i < 200; i++) {
      outbox.post(i);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(sent.flatMap(({ batch }) => batch)).toHaveLength(200);
  });

  it.each([
    ['does not take it', async () => false],
    ['fails', async () => Promise.reject(new Error('disposed'))],
  ])('tells when the webview %s', async (_, send: () => Promise<boolean>) => {
    const onLost = vi.fn<() => void>();
    const { outbox } = outboxTo({ send, onLost });
    outbox.post('a');
    await vi.advanceTimersByTimeAsync(10);
    expect(onLost).toHaveBeenCalledOnce();
  });

  it('sends nothing after it was closed', async () => {
    const { outbox, sent } = outboxTo();
    outbox.post('a');
    outbox.dispose();
    outbox.post('b');
    outbox.wake();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([]);
  });
});

describe('the size of a message', () => {
  it.each([
    ['typed arrays as their bytes', new Float64Array(100), 800],
    ['text in UTF-8', 'ä€', 7],
    ['an empty object', {}, 2],
  ])('counts %s', (_, value: unknown, bytes: number) => {
    expect(sizeOf(value)).toBe(bytes);
  });

  it('is never below its JSON', () => {
    const message = {
      jsonrpc: '2.0',
      method: 'head',
      params: { a: [1, 2.5, null, true], b: 'tëxt', c: { d: [] } },
    };
    const json = Buffer.byteLength(JSON.stringify(message));
    expect(sizeOf(message)).toBeGreaterThanOrEqual(json);
    expect(sizeOf(message)).toBeLessThan(json * 1.2);
  });
});
