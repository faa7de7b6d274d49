import path from 'node:path';
import { beforeAll } from 'vitest';
import { buildProgram, sharedFolder, writePairs } from '../cli/support';
import { type Recorded, readRun, trainRun } from './recorded';

export interface Trained {
  readonly cold: Recorded;
  readonly warm: Recorded;
}

/** Two short runs of the built program on the same data, which differ in name and temperature. */
export function useRuns(): () => Trained {
  let trained: Trained | undefined;
  beforeAll(async () => {
    buildProgram();
    const folder = await sharedFolder();
    const dataset = path.join(folder, 'questions');
    await writePairs(dataset);
    const train = async (name: string, temperature: string): Promise<Recorded> =>
      await readRun(
        trainRun(
          dataset,
          path.join(folder, 'runs'),
          '--name',
          name,
          '--temperature',
          temperature,
          '--epochs',
          '6',
          '--batch-size',
          '32',
        ),
      );
    trained = { cold: await train('cold', '0.05'), warm: await train('warm <b>& co</b>', '0.3') };
  }, 180_000);
  return () => {
    if (trained === undefined)
      throw new Error('the runs are trained before the tests, not while they are collected');
    return trained;
  };
}
