import type { Problem } from '../../protocol/dataset';
import type { RunHead } from '../../protocol/panel';
import type { Curve } from '../runs/curve';
import type { Answer } from './answer';
import type { SourceOf } from './sources';

/** What is said of a run wherever it is named. */
export function headAnswer(head: RunHead, shownPath: (absolute: string) => string): Answer {
  const { run, name, state, phase, elsewhere, dataset, record, failure } = head;
  return {
    run,
    ...(name !== run && { name }),
    state,
    ...(phase && { phase }),
    ...(elsewhere && { trainedBy: 'another process' }),
    dataset: dataset.path === '' ? dataset.name : shownPath(dataset.path),
    ...(record && { layout: record.dataset.layout, createdAt: record.createdAt }),
    ...(failure && { failure }),
  };
}

/** A row of the list of runs: with the metrics of its end, or what its log says by now. */
export function runRow(
  head: RunHead,
  curve: Curve | undefined,
  shownPath: (absolute: string) => string,
): Answer {
  const { record } = head;
  const { lastStep, values = [] } = curve ?? {};
  return {
    ...headAnswer(head, shownPath),
    ...(lastStep && { step: lastStep.step, loss: lastStep.loss }),
    ...(record && { steps: record.steps, decidingMetric: record.criterion.metric }),
    ...(record?.metrics
      ? { metrics: record.metrics }
      : record && values.length > 0 && { newest: { [record.criterion.metric]: values.at(-1) } }),
  };
}

/** What the pre-flight found to mend, or to think of. */
export function problemsAnswer(
  problems: readonly Problem[],
  sourceOf: SourceOf,
): { readonly problems?: readonly Answer[] } {
  const told = problems
    .filter(({ severity }) => severity !== 'info')
    .map((problem) => problemAnswer(problem, sourceOf));
  return told.length === 0 ? {} : { problems: told };
}

function problemAnswer({ severity, message, count = 1, ...place }: Problem, sourceOf: SourceOf): Answer {
  const source = sourceOf(place);
  return { severity, message, ...(count > 1 && { count }), ...(source !== undefined && { source }) };
}
