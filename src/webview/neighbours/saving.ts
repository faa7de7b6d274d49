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
      said(!saved ? '' : to === 'file' ? t('Saved.') : t('Copied {0} rows.', rows.length));
    } catch (error) {
      said(error instanceof Error ? error.message : String(error));
    }
  };
  const act = (label: string, icon: string, how: Saving): TemplateResult =>
    button({ label, icon, onClick: () => void save(how) });
  return html`<div class="toolbar spread" role="group" aria-label=${t('Take along')}>
    ${button({ label: t('Show on the map'), icon: 'graph-scatter', onClick: showOnMap })}
    ${act(t('Copy CSV'), 'copy', { format: 'csv', to: 'clipboard' })}
    ${act(t('Copy JSONL'), 'copy', { format: 'jsonl', to: 'clipboard' })}
    ${act(t('Save CSV'), 'save', { format: 'csv', to: 'file' })}
    ${act(t('Save JSONL'), 'save', { format: 'jsonl', to: 'file' })}
  </div>`;
}
