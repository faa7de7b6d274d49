import { html, svg, type TemplateResult } from 'lit';

export interface LegendEntry {
  readonly label: string;
  /** 1 to 8, or the raw line's. */
  readonly ink: number | 'faint';
  readonly dash?: readonly number[];
  /** A point in place of a line. */
  readonly point?: boolean;
  readonly value?: string;
}

/** A piece of the line, as it looks in the chart. */
export function swatch({ ink, dash = [], point = false }: Omit<LegendEntry, 'label'>): TemplateResult {
  const mark = point
    ? svg`<circle cx="9" cy="4" r="3.5" fill="currentColor" />`
    : svg`<line x1="0" y1="4" x2="18" y2="4" stroke="currentColor" stroke-width="2" stroke-dasharray=${dash.join(' ')} />`;
  return html`<svg class="ink-${ink}" viewBox="0 0 18 8" aria-hidden="true">${mark}</svg>`;
}

/** What each line is, and its value at the cursor. */
export function legend(title: string, entries: readonly LegendEntry[]): TemplateResult {
  return html`<ul class="legend">
    <li class="at">${title}</li>
    ${entries.map(
      (entry) =>
        html`<li>${swatch(entry)}<span class="quiet">${entry.label}</span> ${entry.value ?? ''}</li>`,
    )}
  </ul>`;
}
