import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { type MetricName, metricNames } from '../../protocol/run';
import '../charts/element';
import { nearest, type Range } from '../charts/decimate';
import { swatch } from '../charts/legend';
import { Smoothed } from '../charts/smooth';
import { button, checkbox, dropdown } from '../controls';
import { counted, figure } from '../format';
import { axisOf } from '../loss/axis';
import { axisChoice, followBox, logScaleBox } from '../loss/axis-controls';
import { metricsOf, splitOf } from '../metrics';
import { namesBeside, stateWords } from '../run';
import { Series } from '../series';
import { placeholder } from '../shell/notices';
import { View } from '../view';
import { t } from '../words';
import './compare.css';
import { type Compared, lossesFigure, metricFigure, type Scene } from './figures';
import { lookOf } from './ink';
import { metricsTable, settingsTable } from './tables';

const smoothing = 0.9;

/** Several runs beside each other: curves, final metrics against one of them, and the settings that differ. */
export class CompareView extends View {
  static override properties = {
    store: { attribute: false },
    switchedOff: { state: true },
    base: { state: true },
    metric: { state: true },
    pair: { state: true },
    pointed: { state: true },
  };
  /** Runs whose curves are switched off. */
  declare switchedOff: ReadonlySet<string>;
  declare base: string | undefined;
  declare metric: MetricName | undefined;
  /** The two whose settings are opened in the editor. */
  declare pair: readonly [left: string | undefined, right: string | undefined];
  /** Step of the longest run under the cursor, as an index. */
  declare pointed: number | undefined;
  readonly #smoothed = new WeakMap<Series, Smoothed>();

  constructor() {
    super();
    this.switchedOff = new Set();
    this.pair = [undefined, undefined];
  }

  protected override render(): TemplateResult {
    const all = [...this.store.heads.values()];
    const runs = this.#compared();
    if (runs.length === 0)
      return placeholder(t('None of these runs has begun'), t('They appear here when they do.'));
    const shown = runs.filter(({ head }) => !this.switchedOff.has(head.run));
    const metrics = metricsOf(
      runs.flatMap(({ evaluated }) => evaluated.map((evaluation) => evaluation.metrics)),
    );
    const metric = metrics.find((name) => name === this.metric) ?? runs[0]?.record.criterion.metric ?? 'loss';
    const base = runs.find(({ head }) => head.run === this.base) ?? runs[0];
    const split = [...new Set(runs.map(({ evaluated }) => splitOf(evaluated)))].join(', ');
    const scene = this.#scene(shown);
    return html`<h1>${t('Comparison of {0}', counted(runs.length, t('run'), t('runs')))}</h1>
      ${this.#notes(runs, all.length)} ${this.#legend(runs, scene)} ${this.#toolbar(scene)}
      <h2>${t('Training loss, smoothed')}</h2>
      <infonce-curves .figure=${lossesFigure(scene)}></infonce-curves>
      <div class="chart-head">
        <h2>${t('On {0}', split)}</h2>
        ${dropdown({
          label: t('Metric on {0}', split),
          // Also while its evaluations are on their way, and in its place from the start.
          options: metricNames
            .filter((name) => name === metric || metrics.includes(name))
            .map((name) => ({ value: name, label: name })),
          value: metric,
          onChange: (chosen) => {
            this.metric = chosen;
          },
        })}
      </div>
      <infonce-curves .figure=${metricFigure(scene, metric, split)}></infonce-curves>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('Final metrics')}>
        ${guard([base, ...runs.map(({ head }) => head)], () =>
          metricsTable(runs, base, (run) => {
            this.base = run;
          }),
        )}
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('Settings that differ')}>
        ${guard(
          runs.map(({ record }) => record.config),
          () => settingsTable(runs),
        )}
      </div>
      ${this.#diff(runs)}`;
  }

  #compared(): Compared[] {
    const { heads, series: all, evaluations } = this.store;
    const names = namesBeside([...heads.values()]);
    return [...heads.values()].flatMap((head, index) => {
      const { record } = head;
      if (record === undefined) return [];
      const series = all.get(head.run) ?? new Series();
      const by = this.#smoothed.get(series) ?? new Smoothed(smoothing);
      this.#smoothed.set(series, by);
      const evaluated = evaluations.get(head.run) ?? [];
      return [
        {
          head,
          name: names.get(head.run) ?? head.name,
          record,
          series,
          smoothed: by.of(series.loss),
          evaluated,
          index,
        },
      ];
    });
  }

  #scene(runs: readonly Compared[]): Scene {
    const { store } = this;
    const { axis: name = 'step', logScale = false, zoom } = store.state;
    const ends = runs.map(({ record, series, evaluated }) => {
      const axis = axisOf(name, record);
      const last = (axis.column(series)[series.length - 1] ?? 0) * axis.factor;
      return Math.max(last, ...evaluated.slice(-1).map(axis.ofEvaluation));
    });
    const end = Math.max(0, ...ends);
    const range: Range = zoom ?? [0, end > 0 ? end : 1];
    const longest = runs[ends.indexOf(end)];
    const axis = longest && axisOf(name, longest.record);
    const xs = (longest && axis?.column(longest.series)) ?? [];
    const factor = axis?.factor ?? 1;
    const index = Math.min(this.pointed ?? xs.length - 1, xs.length - 1);
    const x = (xs[index] ?? 0) * factor;
    const formatX = axis?.format ?? String;
    return {
      runs,
      axis: name,
      logScale,
      range,
      version: `${runs.map(({ head, series, evaluated }) => `${head.run} ${series.length} ${evaluated.length}`).join()} ${name} ${logScale}`,
      formatX,
      cursor: {
        index,
        count: xs.length,
        text: `${name} ${formatX(x)}`,
        ...(this.pointed !== undefined && { x }),
      },
      onCursor: (at) => {
        this.pointed = at === undefined || xs.length === 0 ? undefined : nearest(xs, at / factor);
      },
      onZoom: (chosen) => store.update({ zoom: chosen ?? null }),
      onMove: (moved) => {
        this.pointed = moved;
      },
    };
  }

  #notes(runs: readonly Compared[], all: number): TemplateResult | typeof nothing {
    const fingerprints = new Set(runs.map(({ record }) => record.dataset.fingerprint));
    const waiting = all - runs.length;
    const notes = [
      ...(fingerprints.size > 1
        ? [t('The runs were not trained on the same data: their figures cannot be compared as they are.')]
        : []),
      ...(waiting > 0 ? [t('{0} not begun yet.', counted(waiting, t('run has'), t('runs have')))] : []),
    ];
    return notes.length === 0 ? nothing : html`<p class="quiet">${notes.join(' ')}</p>`;
  }

  /** Checkboxes with the look of each curve, and its loss at the cursor. */
  #legend(runs: readonly Compared[], { axis: name, cursor, range }: Scene): TemplateResult {
    const x = cursor.x ?? range[1];
    return html`<fieldset class="runs">
      <legend class="caption">${t('Runs, with their loss at {0}', cursor.text)}</legend>
      ${runs.map(({ head, name: called, record, series, smoothed, index }) => {
        const axis = axisOf(name, record);
        const at = series.length === 0 ? undefined : smoothed[nearest(axis.column(series), x / axis.factor)];
        return html`<div>
          ${checkbox({
            label: called,
            checked: !this.switchedOff.has(head.run),
            onChange: (checked) => {
              const hidden = new Set(this.switchedOff);
              if (checked) hidden.delete(head.run);
              else hidden.add(head.run);
              this.switchedOff = hidden;
            },
          })}
          ${swatch(lookOf(index))} <span class="number">${at === undefined ? '–' : figure(at)}</span>
          ${head.state === 'completed' ? nothing : html`<span class="caption">${stateWords(head.state).text}</span>`}
        </div>`;
      })}
    </fieldset>`;
  }

  #toolbar({ axis, logScale, range }: Scene): TemplateResult {
    const { store } = this;
    return html`<div class="toolbar">
      ${axisChoice(store, axis)} ${logScaleBox(store, logScale)} ${followBox(store, range)}
    </div>`;
  }

  #diff(runs: readonly Compared[]): TemplateResult | typeof nothing {
    if (runs.length < 2) return nothing;
    const options = runs.map(({ head, name }) => ({ value: head.run, label: name }));
    const [left = options[0]?.value ?? '', right = options[1]?.value ?? ''] = this.pair;
    return html`<div class="toolbar diff">
      ${dropdown({
        label: t('Left side'),
        options,
        value: left,
        onChange: (run) => {
          this.pair = [run, right];
        },
      })}
      ${dropdown({
        label: t('Right side'),
        options,
        value: right,
        onChange: (run) => {
          this.pair = [left, run];
        },
      })}
      ${button({
        label: t('Open in Diff Editor'),
        icon: 'diff',
        disabled: left === right,
        onClick: () => this.store.host.notify('compareConfigs', { left, right }),
        testId: 'compare-configs',
      })}
    </div>`;
  }
}
customElements.define('infonce-compare', CompareView);
