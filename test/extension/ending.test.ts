import { expect, test } from 'vitest';
import { describeEnding } from '../../src/extension/jobs/ending';

const quiet = { code: null, signal: null, lastLines: [] };

test('a killed trainer is told with its signal, where it was, and what to do', () => {
  const { code, message } = describeEnding(
    { ...quiet, signal: 'SIGKILL' },
    { begun: true, step: 120, steps: 600 },
  );
  expect(code).toBe('trainer-killed');
  expect(message).toBe(
    'The training process was ended by SIGKILL, by you or because memory ran out, at step 120 of 600. Resume goes on from its last checkpoint.',
  );
});

test('before there is a run folder, nothing can be resumed', () => {
  const { message } = describeEnding({ ...quiet, signal: 'SIGTERM' }, { begun: false });
  expect(message).toContain('before the run began');
  expect(message).not.toContain('Resume');
});

test('an exit code comes with the last thing that was said', () => {
  const ending = { ...quiet, code: 1, lastLines: ['first', 'Error: no room', ' '] };
  expect(describeEnding(ending, { begun: true }).message).toMatch(
    /exit code 1, before its first step\. .* It said: Error: no room$/,
  );
});

test('a process that could not be started is not said to have been killed', () => {
  const failure = describeEnding({ ...quiet, error: new Error('spawn ENOENT') }, { begun: false });
  expect(failure.code).toBe('trainer-not-started');
  expect(failure.message).toContain('spawn ENOENT');
});
