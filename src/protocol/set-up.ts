/**
 * What the program that sets up native TensorFlow for the extension tells the host that forked it; it is asked nothing.
 * It ends by itself after `ready` or `failed`, and takes back what it has begun when its host goes away.
 */
export type SetUpFact =
  /** Another window is at it; it goes on when that has ended. */
  | { readonly fact: 'waiting' }
  /** `label` is a few words for the user; bytes. */
  | { readonly fact: 'progress'; readonly label: string; readonly done: number; readonly total: number }
  | { readonly fact: 'ready' }
  /** A few words each: what is missing or failed, what to do about it. */
  | { readonly fact: 'failed'; readonly reason: string; readonly remedy: string };
