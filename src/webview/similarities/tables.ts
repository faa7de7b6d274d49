import { html, type TemplateResult } from 'lit';
import type { EvaluationView } from '../../protocol/panel';
import { integer } from '../format';
import { t } from '../words';
import { edge, type Histogram, mean, overlap, rocAuc } from './separation';

function cell(value: number, text: string): TemplateResult {
  return html`<td class="numbers" data-value=${value}>${text}</td>`;
}

/** Every bin of both histograms. */
export function binsTable({ positives, negatives }: Histogram, at: string): TemplateResult {
  const bins = positives.length;
  return html`<table class="figures" data-table="histogram">
    <caption>
      ${t('Pairs by cosine at {0}', at)}
    </caption>
    <thead>
      <tr>
        ${[t('From'), t('To'), t('Positives'), t('Negatives')].map(
          (name) => html`<th scope="col" class="numbers">${name}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${Array.from(
        positives,
        (count, bin) =>
          html`<tr>
            <th scope="row" class="numbers">${edge(bin, bins).toFixed(2)}</th>
            <td class="numbers">${edge(bin + 1, bins).toFixed(2)}</td>
            ${cell(count, integer(count))}${cell(negatives[bin] as number, integer(negatives[bin] as number))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** How the two drew apart, evaluation by evaluation. */
export function courseTable(evaluated: readonly EvaluationView[]): TemplateResult {
  return html`<table class="figures" data-table="separation">
    <caption>
      ${t('Evaluation by evaluation')}
    </caption>
    <thead>
      <tr>
        ${[t('Step'), t('Mean positive'), t('Mean negative'), t('Overlap'), t('ROC-AUC')].map(
          (name) => html`<th scope="col" class="numbers">${name}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${evaluated.flatMap(({ step, metrics, histogram }) => {
        if (histogram === undefined) return [];
        const auc = metrics.pair_roc_auc ?? rocAuc(histogram);
        const figures = [mean(histogram.positives), mean(histogram.negatives), overlap(histogram), auc];
        return html`<tr data-step=${step}>
          <th scope="row" class="numbers">${integer(step)}</th>
          ${figures.map((value) => cell(value, value.toFixed(4)))}
        </tr>`;
      })}
    </tbody>
  </table>`;
}
