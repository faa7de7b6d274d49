/** How far something is, in units of its own. */
export type OnProgress = (done: number, total: number) => void;

/** What long work looks at, and what it tells, while it goes on. */
export interface Long {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}
