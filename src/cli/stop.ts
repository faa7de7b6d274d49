import { tell } from './output';

const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** `npm run` passes on a Ctrl-C that the terminal has already sent to us: the second one is not the user's. */
const sameKeyMs = 500;

/** How this process is asked to stop. */
export interface Stop {
  readonly signal: AbortSignal;
  /** 130, 143; 0 when nobody reads the output any more. */
  exitCode(): number;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP (the terminal was closed) aborts, so that the work ends at a good place; a second one ends the process at once. A
 * reader that leaves (`| head`) stops the work just so, but is no failure.
 */
export function watchForStop(): Stop {
  const controller = new AbortController();
  let code = 0;
  let askedAt = 0;
  for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (performance.now() - askedAt > sameKeyMs) process.exit(codes[name]);
        return;
      }
      code = codes[name];
      askedAt = performance.now();
      controller.abort();
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      controller.abort();
      return;
    }
    tell(`error: the output cannot be written: ${error.message}`);
    process.exit(2);
  });
  // Nobody is left to be told anything.
  process.stderr.on('error', () => undefined);
  return { signal: controller.signal, exitCode: () => code };
}
