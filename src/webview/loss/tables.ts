import { html, nothing, type TemplateResult } from 'lit';
import type { EvaluationView, RunDetails } from '../../protocol/panel';
import { type MetricName, metricNames, type Metrics } from '../../protocol/run';
import { lowerBound } from '../charts/decimate';
import { figure, integer, metricValue, signed } from '../format';
import { lowerIsBetter } from '../metrics';
import { stepsPerEpoch } from '../run';
import type { Series } from '../series';
import { t } from '../words';

/** Rows of the table of losses, besides the evaluations. */
const spread = 100;

function cell(value: number | undefined, text: string): TemplateResult {
  return html`<td class="numbers" data-value=${value ?? nothing}>${text}</td>`;
}

/** Indices of the steps that get a row: evenly spread, the first and the last, and those of evaluations. */
function rowsOf(series: Series, evaluated: readonly EvaluationView[]): number[] {
  const every = Math.max(1, Math.ceil(series.length / spread));
  const rows = new Set<number>();
  for (let i = 0; i < series.length; i += every) rows.add(i);
  rows.add(series.length - 1);
  for (const { step } of evaluated) {
    const i = lowerBound(series.step, step);
    if (series.step[i] === step) rows.add(i);
  }
  return [...rows].sort((a, b) => a - b);
}

/** Losses by step, dev's beside them. `data-value` holds each figure in full. */
export function lossTable(
  series: Series,
  smoothed: Float64Array,
  evaluated: readonly EvaluationView[],
  record: RunDetails,
): TemplateResult {
  const dev = new Map(evaluated.map(({ step, metrics }) => [step, metrics.loss]));
  const untrained = evaluated.find(({ step }) => step === 0);
  const rows = series.length === 0 ? [] : rowsOf(series, evaluated);
  const perEpoch = stepsPerEpoch(record);
  const number = (value: number | undefined): TemplateResult =>
    cell(value, value === undefined ? '–' : figure(value));
  return html`<table class="figures" data-table="loss">
    <caption>
      ${t('Loss: {0} of {1} steps', integer(rows.length), integer(series.length))}
    </caption>
    <thead>
      <tr>
        ${[t('Step'), t('Epoch'), t('Train'), t('Smoothed'), t('Dev'), t('Learning rate'), t('Seconds')].map(
          (name) => html`<th scope="col" class="numbers">${name}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${
        untrained
          ? html`<tr data-step="0">
              <th scope="row" class="numbers">0</th>
              ${cell(0, '0')}${number(undefined)}${number(undefined)}${number(untrained.metrics.loss)}${number(undefined)}
              ${cell(untrained.seconds, untrained.seconds.toFixed(1))}
            </tr>`
          : nothing
      }
      ${rows.map((i) => {
        const step = series.step[i] as number;
        const seconds = series.seconds[i] as number;
        return html`<tr data-step=${step}>
          <th scope="row" class="numbers">${integer(step)}</th>
          ${cell(step / perEpoch, (step / perEpoch).toFixed(2))}${number(series.loss[i])}${number(smoothed[i])}
          ${number(dev.get(step))}${number(series.learningRate[i])}${cell(seconds, seconds.toFixed(1))}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function present(of: readonly (Metrics | undefined)[]): MetricName[] {
  return metricNames.filter((name) => of.some((metrics) => metrics?.[name] !== undefined));
}

/** Every metric of every evaluation. */
export function evaluationsTable(evaluated: readonly EvaluationView[]): TemplateResult {
  const names = present(evaluated.map(({ metrics }) => metrics));
  return html`<table class="figures" data-table="evaluations">
    <caption>
      ${t('Evaluations on {0}', evaluated[0]?.metrics.split ?? 'dev')}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="numbers">${t('Step')}</th>
        ${names.map((name) => html`<th scope="col" class="numbers">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${evaluated.map(
        ({ step, metrics }) =>
          html`<tr data-step=${step}>
            <th scope="row" class="numbers">${integer(step)}</th>
            ${names.map((name) => cell(metrics[name], metricValue(name, metrics[name])))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Better or worse than the stronger baseline, said with a sign and a word. */
function verdict(name: MetricName, value: number | undefined, baselines: readonly (number | undefined)[]): string {
  const known = baselines.filter((baseline) => baseline !== undefined);
  const lower = lowerIsBetter(name);
  if (value === undefined || known.length === 0 || lower === undefined) return '';
  const against = lower ? Math.min(...known) : Math.max(...known);
  const difference = value - against;
  const text = signed(metricValue(name, difference), difference);
  if (difference === 0) return t('same');
  return difference < 0 === lower ? t('{0} better', text) : t('{0} worse', text);
}

/** What the trained model reaches, beside the baselines. */
export function resultsTable({ metrics, baselines }: RunDetails): TemplateResult {
  const { untrained, model_free: modelFree } = baselines ?? {};
  const split = (metrics ?? untrained)?.split ?? '';
  return html`<table class="figures results" data-table="metrics">
    <caption>
      ${t('Metrics on {0}', split)}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('Metric')}</th>
        <th scope="col" class="numbers">${t('Trained')}</th>
        <th scope="col" class="numbers">${t('Untrained')}</th>
        <th scope="col" class="numbers">${t('Model-free')}</th>
        <th scope="col">${t('Against the stronger')}</th>
      </tr>
    </thead>
    <tbody>
      ${present([metrics, untrained, modelFree]).map(
        (name) =>
          html`<tr data-metric=${name}>
            <th scope="row">${name}</th>
            ${[metrics, untrained, modelFree].map((of) => cell(of?.[name], metricValue(name, of?.[name])))}
            <td>${verdict(name, metrics?.[name], [untrained?.[name], modelFree?.[name]])}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
