import type { EvaluationView, RunDetails } from '../../protocol/panel';
import { figure, integer } from '../format';
import { splitOf } from '../metrics';
import type { Series } from '../series';
import { t } from '../words';
import { chanceWords } from './figures';

function change(from: number, to: number): string {
  if (to < from) return t('fell from {0} to {1}', figure(from), figure(to));
  if (to > from) return t('rose from {0} to {1}', figure(from), figure(to));
  return t('stayed at {0}', figure(to));
}

/** What the chart shows, in sentences. */
export function summary(
  series: Series,
  smoothed: Float64Array,
  evaluated: readonly EvaluationView[],
  record: RunDetails,
): string {
  const sentences: string[] = [];
  if (series.length > 0) {
    const train = change(series.loss[0] as number, smoothed[series.length - 1] as number);
    const steps = integer(series.step[series.length - 1] as number);
    sentences.push(t('The training loss, smoothed, {0} in {1} steps.', train, steps));
  }
  const dev = evaluated.map(({ metrics }) => metrics.loss).filter((loss) => loss !== undefined);
  if (dev.length > 1)
    sentences.push(t('On {0} it {1}.', splitOf(evaluated), change(dev[0] as number, dev.at(-1) as number)));
  if (record.bounds) sentences.push(t('Knowing nothing gives {0}.', chanceWords(record.bounds)));
  return sentences.join(' ');
}
