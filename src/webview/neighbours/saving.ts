import { html, type TemplateResult } from 'lit';
import type { NeighbourRow } from '../../protocol/explore';
import type { PanelRequests } from '../../protocol/panel';
import { button } from '../controls';
import type { Host } from '../host';
import { t } from '../words';

type Saving = Omit<PanelRequests['saveNeighbours']['params'], 'rows'>;

/** Copy and save, as CSV and as JSONL; and the way to the map. `said` is told how it went. */
export function saving(
  host: Host,
  rows: readonly NeighbourRow[],
  said: (sentence: string) => void,
  showOnMap: () => void,
): TemplateResult {
  const save = async ({ format, to }: Saving): Promise<void> => {
    try {
      const { saved } = await host.request('saveNeighbours', { rows, format, to });
      const cut = rows.filter((row) => row.cut === true).length;
      const told = to === 'file' ? t('Saved.') : t('Copied {0} rows.', rows.length);
      said(!saved ? '' : cut === 0 ? told : t('{0} In {1} of them long texts are cut, as here.', told, cut));
    } catch (error) {
      said(error instanceof Error ? error.message : String(error));
    }
  };
  const way = (text: string, name: string, how: Saving): TemplateResult =>
    html`<button type="button" class="link" aria-label=${name} @click=${() => void save(how)}>${text}</button>`;
  return html`<div class="toolbar spread">
    <span class="saving">
      ${t('Copy')} ${way('CSV', t('Copy as CSV'), { format: 'csv', to: 'clipboard' })}
      ${way('JSONL', t('Copy as JSONL'), { format: 'jsonl', to: 'clipboard' })}
    </span>
    <span class="saving">
      ${t('Save')} ${way('CSV', t('Save as CSV'), { format: 'csv', to: 'file' })}
      ${way('JSONL', t('Save as JSONL'), { format: 'jsonl', to: 'file' })}
    </span>
    ${button({ label: t('Show on the map'), icon: 'graph-scatter', onClick: showOnMap })}
  </div>`;
}
