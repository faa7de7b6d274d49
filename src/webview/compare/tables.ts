import { html, nothing, type TemplateResult } from 'lit';
import { swatch } from '../charts/legend';
import { link } from '../controls';
import { duration, integer, metricValue } from '../format';
import { against, metricsOf } from '../metrics';
import { stateWords } from '../run';
import { t } from '../words';
import { type Difference, differences } from './differences';
import type { Compared } from './figures';
import { lookOf } from './ink';

function runName({ name, index }: Compared): TemplateResult {
  return html`<span class="run-name" title=${name}>${swatch(lookOf(index))}<span>${name}</span></span>`;
}

/** What was scored on other data is neither better nor worse. */
function isComparable({ record }: Compared, base: Compared | undefined): boolean {
  return record.dataset.fingerprint === base?.record.dataset.fingerprint;
}

/** Final metrics, a row for each run; the others against the base. */
export function metricsTable(
  runs: readonly Compared[],
  base: Compared | undefined,
  choose: (run: string) => void,
): TemplateResult {
  const names = metricsOf(runs.map(({ record }) => record.metrics));
  return html`<table class="figures" data-testid="compare-table" data-table="compare">
    <caption>
      ${t('Final metrics, and how they differ from the base run')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('Run')}</th>
        <th scope="col">${t('State')}</th>
        <th scope="col">${t('Split')}</th>
        ${names.map((name) => html`<th scope="col" class="numbers">${name}</th>`)}
        <th scope="col" class="numbers">${t('Steps')}</th>
        <th scope="col" class="numbers">${t('Time')}</th>
      </tr>
    </thead>
    <tbody>
      ${runs.map((run) => {
        const { head, record } = run;
        return html`<tr data-run=${head.run}>
          <th scope="row">
            ${runName(run)}
            ${
              run === base
                ? html`<span class="caption">${t('base')}</span>`
                : link({
                    text: t('make base'),
                    title: t('Compare the others with {0}', run.name),
                    onClick: () => choose(head.run),
                  })
            }
          </th>
          <td>${stateWords(head.state).text}</td>
          <td>${record.metrics?.split ?? '–'}</td>
          ${names.map((name) => {
            const value = record.metrics?.[name];
            const other = isComparable(run, base) ? base?.record.metrics?.[name] : undefined;
            return html`<td class="numbers" data-metric=${name} data-value=${value ?? nothing}>
              ${metricValue(name, value)}
              ${
                run === base || value === undefined || other === undefined
                  ? nothing
                  : html`<span class="difference">${against(name, value, other)}</span>`
              }
            </td>`;
          })}
          <td class="numbers">${integer(record.steps)}</td>
          <td class="numbers">${record.seconds === undefined ? '–' : duration(record.seconds)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** Settings that are not the same in all runs. */
export function settingsTable(runs: readonly Compared[]): TemplateResult {
  const found: readonly Difference[] = differences(runs.map(({ record }) => record.config));
  if (found.length === 0) return html`<p class="quiet">${t('All settings are the same.')}</p>`;
  return html`<table class="figures" data-table="settings">
    <caption>
      ${t('Settings that differ')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('Setting')}</th>
        ${runs.map((run) => html`<th scope="col">${runName(run)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${found.map(
        ({ setting, values }) =>
          html`<tr data-setting=${setting}>
            <th scope="row">${setting}</th>
            ${values.map((value) => html`<td>${value}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
