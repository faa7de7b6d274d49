import { html, nothing, type TemplateResult } from 'lit';
import type { InspectReport, Problem } from '../../protocol/dataset';
import type { RunHead } from '../../protocol/panel';
import type { Failure } from '../../protocol/run';
import { icon, link } from '../controls';
import { counted, integer } from '../format';
import { isResumable } from '../run';
import type { Store } from '../store';
import { t } from '../words';

/** A message that fills the page: what is going on while there is nothing to show. */
export function placeholder(title: string, more: unknown = nothing): TemplateResult {
  return html`<div class="placeholder" role="status">
    <h2>${title}</h2>
    ${more}
  </div>`;
}

function phaseWords({ phase, state }: RunHead): string {
  if (phase === undefined)
    return state === 'running' ? t('Preparing the first step') : t('Starting the training process');
  const { done, total } = phase;
  const amount = total === undefined ? integer(done) : t('{0} of {1}', integer(done), integer(total));
  switch (phase.phase) {
    case 'queued':
      return done === 0
        ? t('Waiting to start')
        : t('Waiting for {0} before this one', counted(done, t('run'), t('runs')));
    case 'reading':
      return done === 0 ? t('Reading the data') : t('Reading the data: {0}', amount);
    case 'checking':
      return t('Checking the data before anything starts');
    case 'preparing':
      return t('Preparing the model');
    case 'tokenising':
      return done === 0 ? t('Cutting texts into tokens') : t('Cutting texts into tokens: {0}', amount);
    case 'baselines':
      return t('Scoring the untrained model and the model-free baseline, to compare with');
    case 'training':
      return t('Training');
    case 'saving':
      return t('Saving the model and all embeddings');
  }
}

const severityIcons: Readonly<Record<Problem['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
};

function problemWords(severity: Problem['severity']): string {
  return { error: t('Error'), warning: t('Warning'), info: t('Note') }[severity];
}

/** `train/a.csv:12`, leading there. */
function placeLink(
  store: Store,
  run: string,
  { file, line }: Pick<Problem, 'file' | 'line'>,
): TemplateResult {
  if (file === undefined) return html``;
  const text = line === undefined ? file : `${file}:${line}`;
  return link({
    text,
    title: t('Open {0}', text),
    onClick: () =>
      store.host.notify('revealProblem', { run, problem: { file, ...(line !== undefined && { line }) } }),
  });
}

function problemList(store: Store, run: string, problems: readonly Problem[]): TemplateResult {
  return html`<ul class="problems">
    ${problems.map(
      (problem) =>
        html`<li class=${problem.severity}>
          ${icon(severityIcons[problem.severity])}
          <span
            ><span class="visually-hidden">${problemWords(problem.severity)}: </span>${problem.message}
            ${(problem.count ?? 1) > 1 ? t('({0} times)', integer(problem.count ?? 1)) : nothing}
            ${placeLink(store, run, problem)}</span
          >
        </li>`,
    )}
  </ul>`;
}

function refused(store: Store, head: RunHead, report: InspectReport): TemplateResult {
  const errors = report.problems.filter(({ severity }) => severity === 'error');
  return html`<section class="refused" role="alert">
    <h2>
      ${t('Nothing was started: the data has {0}', counted(errors.length, t('error'), t('errors')))}
    </h2>
    <p>${t('Mend what is listed, then train again.')}</p>
    ${problemList(store, head.run, report.problems)}
  </section>`;
}

function failed(store: Store, run: string, { code, message, file, line }: Failure): TemplateResult {
  return html`<section class="notice error" role="alert">
    ${icon('error')}
    <div>
      <p>
        <strong>${t('The run failed.')}</strong> ${message}
        ${placeLink(store, run, { ...(file !== undefined && { file }), ...(line !== undefined && { line }) })}
      </p>
      ${
        code === 'internal'
          ? html`<p>
              ${t('This is a fault of the program, not of the data.')}
              ${link({ text: t('Show the log'), onClick: () => store.host.notify('showLog', {}) })}
            </p>`
          : nothing
      }
    </div>
  </section>`;
}

function resumable(store: Store, head: RunHead): TemplateResult {
  const what =
    head.state === 'interrupted'
      ? t('The training process ended without saying why. Its last checkpoint is kept.')
      : t('The run was stopped, with a checkpoint.');
  return html`<section class="notice info" role="status">
    ${icon('info')}
    <p>
      ${what} ${t('Resume goes on where it was.')}
      ${link({ text: t('Resume'), onClick: () => store.host.notify('resume', { run: head.run }) })}
    </p>
  </section>`;
}

function warnings(store: Store, head: RunHead): TemplateResult | typeof nothing {
  const problems = head.report?.problems.filter(({ severity }) => severity !== 'info') ?? [];
  if (problems.length === 0) return nothing;
  // Where the host cut the list, its last entry says how many more there are.
  const cut = head.report?.problems.filter(({ code }) => code === 'more') ?? [];
  const number = counted(problems.length, t('warning'), t('warnings'));
  return html`<details class="notice warning">
    <summary>
      ${icon('warning')} ${cut.length === 0 ? t('The data has {0}', number) : t('The data has {0} and more', number)}
    </summary>
    ${problemList(store, head.run, [...problems, ...cut])}
  </details>`;
}

/** What stands in place of the views while none of them has anything to show; undefined when they have. */
export function instead(store: Store): TemplateResult | undefined {
  const { head, mismatch } = store;
  if (mismatch !== undefined)
    return html`<section class="notice error" role="alert"><p>${mismatch}</p></section>`;
  if (!store.received) return placeholder(t('Opening the run'));
  if (head === undefined)
    return placeholder(t('This panel has no run'), t('Choose one in the list of runs.'));
  if (head.record !== undefined) return undefined;
  if (head.state === 'failed') {
    if (head.report && !head.report.ready) return refused(store, head, head.report);
    return failed(
      store,
      head.run,
      head.failure ?? { code: 'unknown', message: t('There is no record of why.') },
    );
  }
  if (isResumable(head.state)) return placeholder(t('Stopped before anything was trained'));
  const { phase } = head;
  // Nothing turns: drawing that would take from the training itself where there is no graphics card.
  const { done = 0, total = 1 } = phase?.total === undefined ? {} : phase;
  const share =
    head.state === 'queued'
      ? nothing
      : html`<progress max=${total} .value=${done} aria-label=${phaseWords(head)}></progress>`;
  return html`${placeholder(phaseWords(head), share)}${warnings(store, head)}`;
}

/** That nobody answers: a page that outlives its extension goes on showing what it was told last. */
export function silence({ pulse }: Store): TemplateResult | typeof nothing {
  if (!pulse.silent) return nothing;
  return html`<section class="notice warning" role="alert" data-testid="silence">
    ${icon('debug-disconnect')}
    <p>
      <strong>${t('Not connected: the extension does not answer.')}</strong>
      ${t('What is shown may be old. If this stays, run “Developer: Reload Window” from the Command Palette; a training goes on without the panel, or is resumed from its last checkpoint.')}
    </p>
  </section>`;
}

/** What is to be known before looking at the views. */
export function banner(store: Store): TemplateResult | typeof nothing {
  const { head } = store;
  if (head === undefined) return nothing;
  const { state, failure } = head;
  const waiting = state === 'running' && (store.series.get(head.run)?.length ?? 0) === 0;
  return html`${state === 'failed' && failure ? failed(store, head.run, failure) : nothing}
  ${isResumable(state) ? resumable(store, head) : nothing}
  ${
    waiting ||
    (state === 'running' && head.phase?.phase === 'saving') ||
    state === 'queued' ||
    state === 'starting'
      ? html`<p class="phase" role="status">${icon('watch')}${phaseWords(head)}</p>`
      : nothing
  }
  ${warnings(store, head)}`;
}
