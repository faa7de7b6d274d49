import { l10n } from 'vscode';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import type { JobPhase } from '../../protocol/trainer';
import { beginning } from './beginning';
import { type Curve, sparkline } from './curve';

type State = RunHead['state'];
type Phase = JobPhase | 'queued';

export function stateWord(state: State): string {
  const words: Record<State, string> = {
    queued: l10n.t('waiting'),
    starting: l10n.t('starting'),
    running: l10n.t('running'),
    completed: l10n.t('completed'),
    stopped: l10n.t('stopped'),
    failed: l10n.t('failed'),
    interrupted: l10n.t('interrupted'),
  };
  return words[state];
}

export function phaseWord(phase: Phase): string {
  const words: Record<Phase, string> = {
    queued: l10n.t('waiting'),
    reading: l10n.t('reading the data'),
    checking: l10n.t('checking the data'),
    preparing: l10n.t('preparing'),
    tokenising: l10n.t('learning tokens'),
    baselines: l10n.t('scoring the baselines'),
    training: l10n.t('training'),
    saving: l10n.t('saving'),
  };
  return words[phase];
}

type Progress = NonNullable<RunHead['phase']>;

/** `step 340/1,000`, or `reading the data 34 %` of what is not counted in steps. */
function progressWords({ phase, done, total }: Progress): string {
  if (phase === 'training') {
    return l10n.t('step {0}', total === undefined ? integer(done) : `${integer(done)}/${integer(total)}`);
  }
  if (total === undefined || total === 0) return phaseWord(phase);
  return `${phaseWord(phase)} ${Math.floor((100 * done) / total)} %`;
}

export function integer(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** Three significant digits, as losses are read. */
export function figure(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(3) : String(value);
}

/** How far another process is, by the log of its run. */
function progressOf({ record }: RunHead, lastStep: Curve['lastStep']): Progress | undefined {
  if (lastStep === undefined) return undefined;
  return { phase: 'training', done: lastStep.step, ...(record && { total: record.steps }) };
}

/** What a running job does, and what it has come to. */
export function runningWords(head: RunHead, curve: Curve | undefined): string {
  const lastStep = curve?.lastStep;
  const progress = head.phase ?? progressOf(head, lastStep);
  const now = progress === undefined ? stateWord('running') : progressWords(progress);
  return lastStep === undefined ? now : `${now} · ${l10n.t('loss {0}', figure(lastStep.loss))}`;
}

/** `recall@1 0.971`: the metric that decides, of the final evaluation or else of the last. */
export function resultWords({ record }: RunHead, curve: Curve | undefined): string | undefined {
  if (record === undefined) return undefined;
  const { metric } = record.criterion;
  const value = record.metrics?.[metric] ?? curve?.values.at(-1);
  return value === undefined ? undefined : `${metric} ${figure(value)}`;
}

function joined(...words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined && word !== '').join(' · ');
}

/** The same for a screen reader: with the state, which is an icon otherwise, and without what is only a shape. */
export function spokenRun(head: RunHead, curve: Curve | undefined): string {
  // Of a single value no shape is drawn.
  const words = describeRun(head, curve && { ...curve, values: curve.values.slice(-1) });
  const state = stateWord(head.state);
  return [shownName(head), ...(words.startsWith(state) ? [] : [state]), words].join(', ');
}

/** The words beside a run's name in a list: what it is at, its figure, and how that came about. */
export function describeRun(head: RunHead, curve: Curve | undefined): string {
  const shape = sparkline(curve?.values ?? []);
  const result = [resultWords(head, curve) ?? '', shape].join(' ').trim();
  switch (head.state) {
    case 'queued': {
      const before = head.phase?.done ?? 0;
      return before === 1 ? l10n.t('waiting for one run') : l10n.t('waiting for {0} runs', before);
    }
    case 'starting':
      return runningWords(head, curve);
    case 'running':
      return joined(
        `${runningWords(head, curve)} ${shape}`.trim(),
        head.elsewhere ? l10n.t('another process') : '',
      );
    case 'completed':
      return joined(result, beginning(head));
    case 'failed':
      return joined(stateWord('failed'), head.failure?.message);
    case 'stopped':
    case 'interrupted':
      return joined(stateWord(head.state), result, beginning(head));
  }
}
