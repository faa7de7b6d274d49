import { shownName } from '../protocol/names';
import type { RunDetails, RunHead } from '../protocol/panel';
import type { RunState } from '../protocol/run';
import { integer } from './format';
import type { Series } from './series';
import { t } from './words';

/** Codicon and words of each state: never colour alone. */
export function stateWords(state: RunHead['state']): { readonly icon: string; readonly text: string } {
  switch (state) {
    case 'queued':
      return { icon: 'watch', text: t('Queued') };
    case 'starting':
      return { icon: 'watch', text: t('Starting') };
    case 'running':
      return { icon: 'pulse', text: t('Running') };
    case 'completed':
      return { icon: 'pass', text: t('Completed') };
    case 'stopped':
      return { icon: 'debug-pause', text: t('Stopped') };
    case 'interrupted':
      return { icon: 'debug-disconnect', text: t('Interrupted') };
    case 'failed':
      return { icon: 'error', text: t('Failed') };
  }
}

/** What runs beside each other are called: those that would be called the same have their ids, too. */
export function namesBeside(heads: readonly RunHead[]): ReadonlyMap<string, string> {
  const times = new Map<string, number>();
  for (const head of heads) times.set(shownName(head), (times.get(shownName(head)) ?? 0) + 1);
  return new Map(
    heads.map((head) => {
      const name = shownName(head);
      return [head.run, (times.get(name) ?? 0) > 1 ? `${name} · ${head.run}` : name];
    }),
  );
}

export function isResumable(state: RunHead['state']): state is Extract<RunState, 'stopped' | 'interrupted'> {
  return state === 'stopped' || state === 'interrupted';
}

/** Whether something is under way or to come. */
export function isActive(state: RunHead['state']): boolean {
  return state === 'running' || state === 'starting' || state === 'queued';
}

export function stepsPerEpoch({ steps, config }: RunDetails): number {
  return Math.max(1, steps / config.epochs);
}

/** `step 438 · epoch 3`; `step 0 · untrained` */
export function stepWords(step: number, record: RunDetails | undefined): string {
  if (step === 0) return t('step 0 · untrained');
  if (record === undefined) return t('step {0}', integer(step));
  const epoch = step / stepsPerEpoch(record);
  return t('step {0} · epoch {1}', integer(step), Number.isInteger(epoch) ? epoch : epoch.toFixed(1));
}

/** Steps by which the pace is judged. */
const recent = 200;

/** Seconds until all steps are done, at the pace of the last ones; undefined before there is a pace. */
export function secondsLeft(series: Series | undefined, steps: number): number | undefined {
  if (series === undefined || series.length < 2) return undefined;
  const last = series.length - 1;
  const first = Math.max(0, last - recent);
  const seconds = (series.seconds[last] as number) - (series.seconds[first] as number);
  const done = (series.step[last] as number) - (series.step[first] as number);
  return (Math.max(0, steps - (series.step[last] as number)) * seconds) / done;
}
