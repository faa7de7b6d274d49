import { html, nothing, type TemplateResult } from 'lit';
import type { Finding } from '../../protocol/health';
import { icon } from '../controls';
import { placeholder } from '../shell/notices';
import { View } from '../view';
import { t } from '../words';
import './health.css';

const order: readonly Finding['severity'][] = ['error', 'warning', 'info', 'good'];

function severityWords(severity: Finding['severity']): { readonly picture: string; readonly text: string } {
  switch (severity) {
    case 'error':
      return { picture: 'error', text: t('Problem') };
    case 'warning':
      return { picture: 'warning', text: t('Warning') };
    case 'info':
      return { picture: 'info', text: t('Note') };
    case 'good':
      return { picture: 'pass', text: t('Good') };
  }
}

/** What is going on in words, the worst first, each with its evidence and what to change. */
export class HealthView extends View {
  static override properties = { store: { attribute: false } };

  protected override render(): TemplateResult {
    const { head, findings } = this.store;
    const found = [...(findings.get(head?.run ?? '') ?? [])].sort(
      (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
    );
    return html`<section data-testid="health">
      ${
        found.length === 0
          ? placeholder(
              t('Nothing to tell yet'),
              t('After the first evaluations you read here how the run is doing, and on what evidence.'),
            )
          : html`<ul class="findings">
              ${found.map((finding) => this.#finding(finding))}
            </ul>`
      }
    </section>`;
  }

  #finding({ code, severity, title, evidence, advice }: Finding): TemplateResult {
    const { picture, text } = severityWords(severity);
    return html`<li class=${severity} data-code=${code}>
      ${icon(picture)}
      <div>
        <h2><span class="severity">${text}</span> ${title}</h2>
        <p class="evidence">${evidence}</p>
        ${advice === undefined ? nothing : html`<p><strong>${t('What to change:')}</strong> ${advice}</p>`}
      </div>
    </li>`;
  }
}
customElements.define('infonce-health', HealthView);
