import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { DataTable } from '../charts/data-tables';
import '../charts/data-tables';
import { swatch } from '../charts/legend';
import { button, checkbox, range } from '../controls';
import { integer, percent } from '../format';
import { stepWords } from '../run';
import { placeholder } from '../shell/notices';
import { View } from '../view';
import { t } from '../words';
import { picture, pictureWidth } from './picture';
import { bestThreshold, decide, edge, type Histogram, mean, overlap, rocAuc } from './separation';
import './similarities.css';
import { binsTable, courseTable } from './tables';

/** How alike are pairs that belong together, and pairs that do not: two distributions that training draws apart. */
export class SimilaritiesView extends View {
  static override properties = { store: { attribute: false }, tables: { state: true } };
  declare tables: boolean;

  constructor() {
    super();
    this.tables = false;
  }

  protected override render(): TemplateResult {
    const { evaluation, evaluated, head } = this.store;
    const now = evaluation?.histogram;
    if (evaluation === undefined || now === undefined)
      return placeholder(
        t('No similarities yet'),
        t('They are taken at each evaluation; the first comes before step 1.'),
      );
    const first = evaluated.find(({ histogram }) => histogram !== undefined);
    const bins = now.positives.length;
    const bin = this.#thresholdBin(now);
    const auc = evaluation.metrics.pair_roc_auc;
    const at = stepWords(evaluation.step, head?.record);
    return html`<section data-testid="similarity-histogram" data-step=${evaluation.step}>
      <div class="toolbar">
        <ul class="legend">
          <li>${swatch({ ink: 1, point: true })}${t('positives')} <span class="quiet">${this.#counted(now.positives)}</span></li>
          <li>${swatch({ ink: 2, point: true })}${t('negatives')} <span class="quiet">${this.#counted(now.negatives)}</span></li>
          ${
            first && first !== evaluation
              ? html`<li>
                  ${swatch({ ink: 7, dash: [3, 3] })}<span class="quiet"
                    >${t('{0}, for comparison', stepWords(first.step, head?.record))}</span
                  >
                </li>`
              : nothing
          }
        </ul>
        <span class="spread"></span>
        ${checkbox({
          label: t('Tables'),
          checked: this.tables,
          onChange: (checked) => {
            this.tables = checked;
          },
          testId: 'similarity-tables',
        })}
      </div>
      <figure class="histogram" aria-label=${t('Similarities of {0} pairs at {1}', evaluation.metrics.split, at)}>
        <svg
          role="img"
          aria-label=${this.#summary(now)}
          viewBox="0 0 ${pictureWidth} 100"
          preserveAspectRatio="none"
          @pointerdown=${(event: PointerEvent) => this.#drag(event)}
          @pointermove=${(event: PointerEvent) => this.#drag(event)}
        >
          ${guard([now, first, bin], () => picture(now, first === evaluation ? undefined : first?.histogram, bin))}
        </svg>
        ${range({
          label: t('Threshold from which on a pair is called the same'),
          min: -1,
          max: 1,
          step: 2 / bins,
          value: edge(bin, bins),
          text: edge(bin, bins).toFixed(2),
          onInput: (value) => this.store.update({ threshold: value }),
          testId: 'threshold',
        })}
        <div class="axis" aria-hidden="true"><span>−1</span><span>−0.5</span><span>0</span><span>0.5</span><span>1</span></div>
        <figcaption class="caption">${t('cosine similarity of {0} pairs, the same ones at every evaluation', evaluation.metrics.split)}</figcaption>
      </figure>
      <dl class="tiles">
        ${this.#tile(t('Overlap'), percent(overlap(now)), t('of the two distributions'), 'overlap')}
        ${
          auc === undefined
            ? this.#tile(t('ROC-AUC'), rocAuc(now).toFixed(4), t('from the bins'), 'auc')
            : this.#tile(t('ROC-AUC'), auc.toFixed(4), t('of these pairs'), 'auc')
        }
        ${this.#tile(t('Mean positive'), mean(now.positives).toFixed(3), t('cosine'))}
        ${this.#tile(t('Mean negative'), mean(now.negatives).toFixed(3), t('cosine'))}
      </dl>
      ${this.#decision(now, bin)}
      <infonce-data-tables
        .shown=${this.tables}
        .version=${[now, evaluated, at]}
        .tables=${(): DataTable[] => [
          { name: t('Bins'), table: binsTable(now, at) },
          { name: t('Evaluations'), table: courseTable(evaluated) },
        ]}
      ></infonce-data-tables>
    </section>`;
  }

  /** The user's threshold, or else the one that parts best, as the first bin above it. */
  #thresholdBin(now: Histogram): number {
    const { threshold = null } = this.store.state;
    const bins = now.positives.length;
    return threshold === null ? bestThreshold(now) : Math.round(((threshold + 1) / 2) * bins);
  }

  #counted(counts: Uint32Array): string {
    return t('{0} pairs', integer(counts.reduce((total, count) => total + count, 0)));
  }

  #summary(now: Histogram): string {
    return t(
      'Positives have a mean cosine of {0}, negatives of {1}; {2} of the distributions overlap.',
      mean(now.positives).toFixed(3),
      mean(now.negatives).toFixed(3),
      percent(overlap(now)),
    );
  }

  #tile(name: string, value: string, more: string, testId?: string): TemplateResult {
    return html`<div>
      <dt>${name}</dt>
      <dd class="value" data-testid=${testId ?? nothing}>${value}</dd>
      <dd class="caption">${more}</dd>
    </div>`;
  }

  #decision(now: Histogram, bin: number): TemplateResult {
    const { truePositives, falsePositives, precision, accuracy } = decide(now, bin);
    const threshold = edge(bin, now.positives.length).toFixed(2);
    const chosen = (this.store.state.threshold ?? null) !== null;
    return html`<div class="decision">
      <h3>
        ${t('Calling pairs the same from {0} on', threshold)}
        ${chosen ? nothing : html`<span class="quiet">${t('(parts them best)')}</span>`}
      </h3>
      <dl class="tiles" data-testid="decision">
        ${this.#tile(t('True positives'), percent(truePositives), t('of the positives'))}
        ${this.#tile(t('False positives'), percent(falsePositives), t('of the negatives'))}
        ${this.#tile(t('Precision'), precision === undefined ? '–' : percent(precision), t('of pairs called the same'))}
        ${this.#tile(t('Accuracy'), percent(accuracy), t('of all these pairs'))}
      </dl>
      ${
        chosen
          ? button({
              label: t('Best threshold'),
              icon: 'discard',
              onClick: () => this.store.update({ threshold: null }),
            })
          : nothing
      }
    </div>`;
  }

  #drag(event: PointerEvent): void {
    if (event.type === 'pointermove' && event.buttons !== 1) return;
    const { left, width } = (event.currentTarget as SVGElement).getBoundingClientRect();
    const bins = this.store.evaluation?.histogram?.positives.length ?? 100;
    const bin = Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * bins);
    this.store.update({ threshold: edge(bin, bins) });
  }
}
customElements.define('infonce-similarities', SimilaritiesView);
