const lookMs = 1_000;
/** A host that has said nothing for so long is asked, and missed when it has not answered for so long. */
const quietMs = 2_000;
const patienceMs = 3_000;

/**
 * Notices that nobody answers any more: a page outlives an extension host that crashed or was restarted, and would go on
 * showing what it was told last. While facts come, and while nobody looks, nothing is asked.
 */
export class Pulse {
  /** Whether nobody answers. */
  silent = false;
  #heardAt = performance.now();
  /** When the question was asked that has not been answered. */
  #askedAt: number | undefined;
  #lookedAt = performance.now();

  /** @param ask a question that is answered at once, by an error too. */
  constructor(
    private readonly ask: () => Promise<unknown>,
    private readonly changed: () => void,
  ) {
    window.addEventListener('message', () => this.#heard());
    setInterval(() => this.#look(), lookMs);
  }

  #heard(): void {
    this.#heardAt = performance.now();
    this.#askedAt = undefined;
    this.#tell(false);
  }

  #look(): void {
    const now = performance.now();
    // Who was asleep, or busy, has heard nobody.
    const away = document.visibilityState !== 'visible' || now - this.#lookedAt > 2 * lookMs;
    this.#lookedAt = now;
    if (away) this.#askedAt = undefined;
    else if (this.#askedAt === undefined) {
      if (now - this.#heardAt >= quietMs) this.#ask(now);
    } else if (now - this.#askedAt >= patienceMs) {
      this.#tell(true);
      this.#ask(now);
    }
  }

  #ask(now: number): void {
    this.#askedAt = now;
    this.ask().catch(() => undefined);
  }

  #tell(silent: boolean): void {
    if (silent === this.silent) return;
    this.silent = silent;
    this.changed();
  }
}
