import 'vscode-jsonrpc/node';
import type { InspectReport } from '../../protocol/dataset';
import {
  type JobOutcome,
  type TrainerFacts,
  type TrainerRequests,
  type TrainerWishes,
  type TrainJob,
  trainerProtocol,
} from '../../protocol/trainer';
import { connect } from '../../rpc/channel';
import { type Conversation, isGone, typed } from '../../rpc/typed';
import type { ForkedProgram } from '../fork';
import { describeEnding, type LastSeen } from './ending';

type Talk = Conversation<TrainerRequests, TrainerWishes, object, TrainerFacts>;
export type Heard = { readonly [K in keyof TrainerFacts]: (fact: TrainerFacts[K]) => void };

export interface Training {
  /** Settles always and never rejects, when the process has ended. */
  readonly outcome: Promise<JobOutcome>;
  /** Asks for an end after the present step, with a checkpoint. */
  stop(): void;
}

function talkTo(program: ForkedProgram): Talk {
  return typed(connect(program.channel));
}

/** Lets a forked trainer do one job. */
export function train(program: ForkedProgram, job: TrainJob, heard: Heard): Training {
  const talk = talkTo(program);
  let seen: LastSeen = { begun: job.type === 'resume' };
  talk.hear('inspected', heard.inspected);
  talk.hear('log', heard.log);
  talk.hear('run', (fact) => {
    seen = { ...seen, begun: true };
    heard.run(fact);
  });
  talk.hear('phase', (fact) => {
    const { phase, done, total } = fact;
    if (phase === 'training') seen = { ...seen, step: done, ...(total !== undefined && { steps: total }) };
    heard.phase(fact);
  });

  const answer = async (): Promise<JobOutcome> => {
    try {
      return await talk.request('run', { ...job, protocol: trainerProtocol });
    } catch (error) {
      if (isGone(error)) return { outcome: 'failed', failure: describeEnding(await program.ended, seen) };
      return { outcome: 'failed', failure: { code: 'internal', message: (error as Error).message } };
    }
  };
  return {
    outcome: answer().then(async (outcome) => {
      program.end();
      await program.ended;
      return outcome;
    }),
    stop: () => talk.notify('stop', {}),
  };
}

/** The pre-flight of a dataset alone. @throws what the trainer says of a folder that cannot be read. */
export async function inspect(program: ForkedProgram, folder: string): Promise<InspectReport> {
  const talk = talkTo(program);
  try {
    return await talk.request('inspect', { protocol: trainerProtocol, folder });
  } catch (error) {
    if (!isGone(error)) throw error;
    const { message } = describeEnding(await program.ended, { begun: false });
    throw new Error(message, { cause: error });
  } finally {
    program.end();
  }
}
