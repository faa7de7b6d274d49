import { inspectForTraining } from '../engine/train/preflight';
import {
  type TrainerFacts,
  type TrainerRequests,
  type TrainerWishes,
  trainerProtocol,
} from '../protocol/trainer';
import { connect } from '../rpc/channel';
import { toParent } from '../rpc/process';
import { typed } from '../rpc/typed';
import { runJob } from './job';
import { Reporter } from './reporter';
import { requireProtocol } from './require-protocol';

/** Whoever asked for the end, or has gone, is not kept waiting for a slow disk: the last checkpoint then has to do. */
const lastMomentMs = 4500;

/** Trains one run for the process that forked this one, and ends. */
export function serveTrainer(): void {
  const host = typed<object, TrainerFacts, TrainerRequests, TrainerWishes>(connect(toParent()));
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
    // Unreferenced: it is only there for what does not end by itself.
    setTimeout(() => process.exit(1), lastMomentMs).unref();
  };
  host.hear('stop', () => stop.abort());
  host.onClose(end);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end);

  host.answer('inspect', async ({ protocol, folder }) => {
    requireProtocol('trainer', trainerProtocol, protocol);
    const report = new Reporter(host);
    const signal = stop.signal;
    return await inspectForTraining(folder, { signal, onProgress: (progress) => report.reading(progress) });
  });
  host.answer('run', async ({ protocol, ...job }) => {
    requireProtocol('trainer', trainerProtocol, protocol);
    try {
      return await runJob(job, new Reporter(host), stop.signal);
    } finally {
      // Nothing more is expected: once the answer is out, nothing keeps this process.
      process.channel?.unref();
    }
  });
}
