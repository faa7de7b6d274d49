import { html, nothing, type TemplateResult } from 'lit';
import type { EvaluationView, RunDetails } from '../../protocol/panel';
import type { MetricName } from '../../protocol/run';
import { lowerBound } from '../charts/decimate';
import { figure, integer, metricValue } from '../format';
import { against, lowerIsBetter, metricsOf } from '../metrics';
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

/** Every metric of every evaluation. */
export function evaluationsTable(evaluated: readonly EvaluationView[]): TemplateResult {
  const names = metricsOf(evaluated.map(({ metrics }) => metrics));
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

/** Better or worse than the stronger baseline. */
function verdict(
  name: MetricName,
  value: number | undefined,
  baselines: readonly (number | undefined)[],
): string {
  const known = baselines.filter((baseline) => baseline !== undefined);
  if (value === undefined || known.length === 0) return '';
  const lower = lowerIsBetter(name);
  if (lower === undefined) return '';
  return against(name, value, lower ? Math.min(...known) : Math.max(...known));
}

/** What the trained model reaches, beside the baselines. */
export function resultsTable({ metrics, baselines }: RunDetails): TemplateResult {
  const { untrained, model_free: modelFree } = baselines ?? {};
  const split = (metrics ?? untrained)?.split ?? '';
  return html`<table class="figures results" data-table="metrics">
    <caption>
      ${
        metrics
          ? t('Metrics on {0}', split)
          : t('Baselines on {0}; the trained model is scored there at the end', split)
      }
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
      ${metricsOf([metrics, untrained, modelFree]).map(
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
