import { html, nothing, type TemplateResult } from 'lit';
import { shownName } from '../../protocol/names';
import type { RunDetails, RunHead } from '../../protocol/panel';
import { button, icon, link } from '../controls';
import { counted, duration, figure, integer, metricValue } from '../format';
import { isActive, isResumable, secondsLeft, stateWords, stepsPerEpoch } from '../run';
import type { Store } from '../store';
import { t } from '../words';

function actions({ run, state, record }: RunHead, { host }: Store): TemplateResult {
  return html`<div class="actions">
    ${
      isActive(state)
        ? button({
            label: state === 'queued' ? t('Cancel') : t('Stop'),
            icon: 'debug-stop',
            onClick: () => host.notify('stop', { run }),
            testId: 'stop',
          })
        : nothing
    }
    ${
      isResumable(state)
        ? button({
            label: t('Resume'),
            icon: 'debug-continue',
            primary: true,
            onClick: () => host.notify('resume', { run }),
            testId: 'resume',
          })
        : nothing
    }
    ${
      isActive(state)
        ? nothing
        : button({
            label: t('Train Again'),
            icon: 'debug-restart',
            primary: !isResumable(state) && record === undefined,
            onClick: () => host.notify('again', { run }),
            testId: 'again',
          })
    }
  </div>`;
}

/** Where the training is: a bar and words. */
function progress(record: RunDetails, head: RunHead, store: Store): TemplateResult | typeof nothing {
  const series = store.series.get(head.run);
  const step = series?.step[series.length - 1] ?? 0;
  if (head.state !== 'running' && !isResumable(head.state)) return nothing;
  const { steps, config } = record;
  const left = head.state === 'running' ? secondsLeft(series, steps) : undefined;
  const facts = [
    t('step {0} of {1}', integer(step), integer(steps)),
    t(
      'epoch {0} of {1}',
      Math.min(config.epochs, Math.floor(step / stepsPerEpoch(record)) + 1),
      config.epochs,
    ),
    ...(series ? [t('loss {0}', figure(series.loss[series.length - 1] ?? Number.NaN))] : []),
    ...(left === undefined ? [] : [t('{0} left', duration(left))]),
  ];
  return html`<div class="progress">
    <progress max=${steps} .value=${step} aria-label=${t('Steps done')}></progress>
    <span data-testid="progress">${facts.join(' · ')}</span>
  </div>`;
}

/** What came out, in a line. */
function outcome(record: RunDetails): TemplateResult | typeof nothing {
  const { metrics, criterion, seconds, steps, pairsPerSecond } = record;
  if (metrics === undefined) return nothing;
  const value = metricValue(criterion.metric, metrics[criterion.metric]);
  return html`<p class="outcome">
    <strong>${criterion.metric} ${value}</strong> ${t('on {0}', metrics.split)}
    ${seconds === undefined ? nothing : html` · ${t('{0} in {1}', counted(steps, t('step'), t('steps')), duration(seconds))}`}
    ${pairsPerSecond === undefined ? nothing : html` · ${t('{0} pairs a second', integer(Math.round(pairsPerSecond)))}`}
  </p>`;
}

function slowBackend(record: RunDetails | undefined, { host }: Store): TemplateResult | typeof nothing {
  if (record === undefined || record.environment.backend === 'tensorflow') return nothing;
  return html`<p class="slow" data-testid="backend-note">
    ${icon('warning')} ${t('JavaScript backend, about a hundred times slower than native TensorFlow.')}
    ${link({ text: t('Set up native TensorFlow'), onClick: () => host.notify('setUpNative', {}) })}
  </p>`;
}

/** Which run this is, how it goes, and what can be done with it. */
export function header(store: Store): TemplateResult | typeof nothing {
  const { head } = store;
  if (head === undefined) return nothing;
  const { icon: picture, text } = stateWords(head.state);
  const { record } = head;
  const name = shownName(head);
  return html`<header class="run-header">
    <div class="title">
      <h1 title=${name}>${name}</h1>
      <span class="state" data-testid="run-state" data-state=${head.state}
        >${icon(picture)}${store.pulse.silent ? t('{0}, when last heard of', text) : text}</span
      >
      ${head.elsewhere ? html`<span class="elsewhere">${t('trained by another program')}</span>` : nothing}
      <span class="dataset" title=${head.dataset.path}>${icon('folder')}${head.dataset.name}</span>
      ${name === head.name ? nothing : html`<span class="id">${head.run}</span>`}
    </div>
    ${actions(head, store)}
    ${record ? html`${progress(record, head, store)}${outcome(record)}` : nothing} ${slowBackend(record, store)}
  </header>`;
}
