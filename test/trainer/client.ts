import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { JobOutcome, TrainerFacts, TrainerRequests, TrainerWishes } from '../../src/protocol/trainer';
import { trainerProtocol } from '../../src/protocol/trainer';
import { connect } from '../../src/rpc/channel';
import { toChild } from '../../src/rpc/process';
import { type Conversation, typed } from '../../src/rpc/typed';

const program = path.join(import.meta.dirname, '../../dist/trainer.js');

type Fact = {
  [K in keyof TrainerFacts]: { readonly fact: K; readonly at: number } & TrainerFacts[K];
}[keyof TrainerFacts];

export interface Trainer {
  readonly child: ChildProcess;
  readonly talk: Conversation<TrainerRequests, TrainerWishes, object, TrainerFacts>;
  readonly facts: readonly Fact[];
  readonly stderr: () => string;
  /** Exit code and signal. */
  readonly ended: Promise<[number | null, NodeJS.Signals | null]>;
  /** The first fact that fits, past ones included. */
  readonly heard: (fits: (fact: Fact) => boolean) => Promise<Fact>;
}

/** A training process, forked as an editor does it. */
export function startTrainer(): Trainer {
  const child = fork(program, ['train'], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const facts: Fact[] = [];
  const waiting = new Set<() => void>();
  let stderr = '';
  child.stderr?.on('data', (part: Buffer) => (stderr += part.toString()));
  child.once('exit', () => {
    for (const wake of waiting) wake();
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const talk: Trainer['talk'] = typed(connect(toChild(child)));
  for (const name of ['inspected', 'run', 'phase', 'log'] as const) {
    talk.hear(name, (fact) => {
      facts.push({ fact: name, at: performance.now(), ...fact } as Fact);
      for (const wake of waiting) wake();
    });
  }
  return {
    child,
    talk,
    facts,
    ended,
    stderr: () => stderr,
    async heard(fits) {
      for (;;) {
        const found = facts.find(fits);
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`the trainer ended: ${stderr}`);
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
  };
}

export interface Wanted {
  readonly folder: string;
  readonly runsDir: string;
  readonly name?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Asks for a run and waits for its end. */
export async function train(trainer: Trainer, { settings = {}, ...wanted }: Wanted): Promise<JobOutcome> {
  return await ask(trainer, { protocol: trainerProtocol, type: 'train', ...wanted, settings });
}

export async function resume(trainer: Trainer, run: string): Promise<JobOutcome> {
  return await ask(trainer, { protocol: trainerProtocol, type: 'resume', run });
}

async function ask(trainer: Trainer, params: TrainerRequests['run']['params']): Promise<JobOutcome> {
  try {
    return await trainer.talk.request('run', params);
  } catch (cause) {
    const { exitCode, signalCode } = trainer.child;
    throw new Error(`no answer (exit ${exitCode}, ${signalCode}): ${trainer.stderr()}`, { cause });
  }
}
