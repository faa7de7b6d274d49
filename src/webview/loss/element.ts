import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { EvaluationView, RunDetails } from '../../protocol/panel';
import type { MetricName } from '../../protocol/run';
import '../charts/element';
import { AfterPicture } from '../charts/after-picture';
import type { DataTable } from '../charts/data-tables';
import '../charts/data-tables';
import { nearest, type Range } from '../charts/decimate';
import type { CursorAt } from '../charts/figure';
import { legend } from '../charts/legend';
import { Smoothed } from '../charts/smooth';
import { checkbox, dropdown, range as slider } from '../controls';
import { figure, integer, metricValue } from '../format';
import { evaluatedOn, metricsOf, splitOf } from '../metrics';
import { isActive, stepWords } from '../run';
import { Series } from '../series';
import { placeholder } from '../shell/notices';
import { View } from '../view';
import { t } from '../words';
import { axisOf } from './axis';
import { axisChoice, followBox, logScaleBox } from './axis-controls';
import { learningRateFigure, lossFigure, metricFigure, type Scene } from './figures';
import './loss.css';
import { summary } from './summary';
import { evaluationsTable, lossTable, resultsTable } from './tables';

const defaultSmoothing = 0.9;

/** How the training goes: loss, the metric that decides, learning rate; and every figure of it in tables. */
export class LossView extends View {
  static override properties = {
    store: { attribute: false },
    pointed: { state: true },
    metric: { state: true },
    tables: { state: true },
  };
  /** Index of the step under the cursor. */
  declare pointed: number | undefined;
  declare metric: MetricName | undefined;
  declare tables: boolean;
  readonly #afterPicture = new AfterPicture(this);
  #smoothed: { readonly series: Series; readonly by: Smoothed } | undefined;

  constructor() {
    super();
    this.tables = false;
  }

  protected override render(): TemplateResult {
    const { head, evaluated, series: all } = this.store;
    const record = head?.record;
    const series = all.get(head?.run ?? '') ?? new Series();
    if (record === undefined || (series.length === 0 && evaluated.length === 0))
      return placeholder(t('No step has been taken yet'), t('The first ones appear here as they are taken.'));
    const scene = this.#scene(record, series, evaluated);
    const { version, smoothed } = scene;
    const below = this.#afterPicture.come;
    return html`${this.#toolbar(scene)}
      <section data-testid="loss-chart" aria-busy=${!below}>
        <p class="summary">${summary(series, smoothed, evaluated, record)}</p>
        <infonce-curves .figure=${lossFigure(scene)}></infonce-curves>
        ${this.#legend(scene)}
        ${below ? this.#below(scene) : nothing}
        <infonce-data-tables
          .shown=${this.tables}
          .version=${[version, evaluated.length, record]}
          .tables=${(): DataTable[] => [
            { name: t('Losses'), table: lossTable(series, smoothed, evaluated, record) },
            { name: t('Evaluations'), table: evaluationsTable(evaluated) },
          ]}
        ></infonce-data-tables>
      </section>`;
  }

  /** The smaller charts and the results. */
  #below(scene: Scene): TemplateResult {
    const { record, series, evaluated } = scene;
    const metrics = metricsOf(evaluated.map((evaluation) => evaluation.metrics));
    const metric = metrics.find((name) => name === this.metric) ?? record.criterion.metric;
    return html`<div class="small-charts">
          <div>
            <div class="chart-head">
              ${dropdown({
                label: t('Metric on {0}', splitOf(evaluated)),
                options: metrics.map((name) => ({ value: name, label: name })),
                value: metric,
                onChange: (chosen) => {
                  this.metric = chosen;
                },
              })}
              <span class="number">${this.#metricAt(metric, scene)}</span>
            </div>
            <infonce-curves .figure=${metricFigure(scene, metric)}></infonce-curves>
          </div>
          <div>
            <div class="chart-head">
              <h3>${t('Learning rate')}</h3>
              <span class="number">${figure(series.learningRate[scene.cursor.index] ?? Number.NaN)}</span>
            </div>
            <infonce-curves .figure=${learningRateFigure(scene)}></infonce-curves>
          </div>
          <div>
            <div class="chart-head">
              <h3>${t('Temperature')}</h3>
              <span class="number">${record.config.temperature}</span>
            </div>
            <p class="quiet">${t('The same at every step: cosines are divided by it before the softmax.')}</p>
          </div>
        </div>
        ${
          record.baselines || record.metrics
            ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t('Results')}>
                ${guard([record], () => resultsTable(record))}
              </div>`
            : nothing
        }`;
  }

  #scene(record: RunDetails, series: Series, evaluated: readonly EvaluationView[]): Scene {
    const { store } = this;
    const { axis: name = 'step', logScale = false, smoothing = defaultSmoothing, zoom } = store.state;
    const axis = axisOf(name, record);
    const xs = axis.column(series);
    const last = Math.max(
      (xs[series.length - 1] ?? 0) * axis.factor,
      ...evaluated.slice(-1).map(axis.ofEvaluation),
    );
    const range: Range = zoom ?? [0, last > 0 ? last : 1];
    if (this.#smoothed?.series !== series || this.#smoothed.by.weight !== smoothing)
      this.#smoothed = { series, by: new Smoothed(smoothing) };
    const at = this.store.evaluation;
    return {
      record,
      series,
      smoothed: this.#smoothed.by.of(series.loss),
      evaluated,
      axis,
      range,
      logScale,
      version: `${store.head?.run} ${series.length} ${evaluated.length} ${smoothing} ${name} ${logScale}`,
      marker: at && axis.ofEvaluation(at),
      cursor: this.#cursor(record, series, (index) => (xs[index] as number) * axis.factor),
      onCursor: (x) => {
        this.pointed = x === undefined || series.length === 0 ? undefined : nearest(xs, x / axis.factor);
      },
      onZoom: (chosen) => store.update({ zoom: chosen ?? null }),
      onMove: (index) => {
        this.pointed = index;
      },
    };
  }

  #cursor(record: RunDetails, series: Series, xOf: (index: number) => number): CursorAt {
    const count = series.length;
    const index = Math.min(this.pointed ?? this.#resting(series), count - 1);
    const pointing = this.pointed !== undefined && count > 0;
    const text =
      count === 0
        ? t('no step yet')
        : t(
            '{0}, loss {1}',
            stepWords(series.step[index] as number, record),
            figure(series.loss[index] as number),
          );
    return { index, count, text, ...(pointing && { x: xOf(index) }) };
  }

  /** Where the cursor is while nobody points: at the slider, or at the newest step of what goes on. */
  #resting(series: Series): number {
    const { live, head, evaluation } = this.store;
    const following = live && isActive(head?.state ?? 'queued');
    if (following || evaluation === undefined || series.length === 0) return series.length - 1;
    return nearest(series.step, evaluation.step);
  }

  #toolbar({ logScale, range }: Scene): TemplateResult {
    const { store } = this;
    const { axis = 'step', smoothing = defaultSmoothing } = store.state;
    return html`<div class="toolbar">
      ${axisChoice(store, axis)} ${logScaleBox(store, logScale)}
      <span class="smoothing">
        <span class="caption">${t('Smoothing')}</span>
        ${slider({
          label: t('Smoothing of the training loss'),
          min: 0,
          max: 0.99,
          step: 0.01,
          value: smoothing,
          text: smoothing.toFixed(2),
          onInput: (value) => store.update({ smoothing: value }),
          testId: 'smoothing',
        })}
        <span class="number">${smoothing.toFixed(2)}</span>
      </span>
      <span class="spread toolbar">${followBox(store, range)}
      ${checkbox({
        label: t('Tables'),
        checked: this.tables,
        onChange: (checked) => {
          this.tables = checked;
        },
        testId: 'loss-tables',
      })}</span>
    </div>`;
  }

  #legend({ series, smoothed, evaluated, record, cursor: { index, count } }: Scene): TemplateResult {
    const step = series.step[index] ?? 0;
    const before = evaluated.findLast((evaluation) => evaluation.step <= step);
    const dev = before?.metrics.loss;
    return legend(count === 0 ? t('step {0}', 0) : stepWords(step, record), [
      { label: t('train'), ink: 'faint', value: count === 0 ? '–' : figure(series.loss[index] as number) },
      { label: t('smoothed'), ink: 1, value: count === 0 ? '–' : figure(smoothed[index] as number) },
      {
        label: evaluatedOn(evaluated),
        ink: 2,
        point: true,
        value:
          dev === undefined || before === undefined
            ? '–'
            : t('{0} at step {1}', figure(dev), integer(before.step)),
      },
    ]);
  }

  #metricAt(metric: MetricName, { series, evaluated, cursor }: Scene): string {
    const step = series.step[cursor.index] ?? 0;
    const at = evaluated.findLast((evaluation) => evaluation.step <= step);
    return metricValue(metric, at?.metrics[metric]);
  }
}
customElements.define('infonce-loss', LossView);
