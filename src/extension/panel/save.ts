import path from 'node:path';
import { env, l10n, Uri, window, workspace } from 'vscode';
import type { PanelRequests } from '../../protocol/panel';
import { neighboursAsCsv, neighboursAsJsonLines } from './csv';

const formats = {
  csv: { write: neighboursAsCsv, filter: 'CSV' },
  jsonl: { write: neighboursAsJsonLines, filter: 'JSON Lines' },
} as const;

/** @param folder that the dialogue begins in, absolute. Answers false when the user chose no file. */
export async function saveNeighbours(
  { rows, format, to }: PanelRequests['saveNeighbours']['params'],
  folder: string | undefined,
): Promise<{ saved: boolean }> {
  const { write, filter } = formats[format];
  if (to === 'clipboard') {
    await env.clipboard.writeText(write(rows));
    return { saved: true };
  }
  const target = await window.showSaveDialog({
    title: l10n.t('Save the Neighbours'),
    ...(folder !== undefined && { defaultUri: Uri.file(path.join(folder, `neighbours.${format}`)) }),
    filters: { [filter]: [format] },
  });
  if (target === undefined) return { saved: false };
  await workspace.fs.writeFile(target, Buffer.from(write(rows)));
  return { saved: true };
}
