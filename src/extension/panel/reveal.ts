import { stat } from 'node:fs/promises';
import path from 'node:path';
import { commands, Range, Uri, ViewColumn, window, workspace } from 'vscode';
import { formatOf } from '../../engine/data/formats';
import { UserError } from '../../protocol/errors';
import type { ItemView } from '../../protocol/explore';
import { fileInside } from './places';

type Place = Pick<ItemView, 'file' | 'line' | 'path'>;

/** Only of these does the editor show lines. */
function hasLines(name: string): boolean {
  const format = formatOf(name);
  return format === undefined || (!format.gzip && !['image', 'parquet', 'npy'].includes(format.format));
}

/**
 * Opens where an item comes from beside the panel: the image, or the data file at the item's line.
 * @param root the dataset's folder.
 * @throws UserError where it is not there any more, or lies outside.
 */
export async function reveal(root: string, place: Place): Promise<void> {
  const name = place.path ?? place.file;
  if (name === undefined) throw new UserError('no-source', 'this item has no file that could be opened');
  const file = fileInside(root, name);
  if (!(await stat(file).catch(() => undefined))?.isFile()) {
    throw new UserError(
      'source-missing',
      `${path.join(root, name)} is no longer there: it was moved or deleted after the run read it`,
    );
  }
  const uri = Uri.file(file);
  if (place.line === undefined || !hasLines(name)) {
    await commands.executeCommand('vscode.open', uri, ViewColumn.Beside);
    return;
  }
  const document = await workspace.openTextDocument(uri);
  // It may have become shorter since.
  const line = Math.min(place.line, document.lineCount) - 1;
  const selection = new Range(line, 0, line, document.lineAt(line).text.length);
  await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, selection, preview: true });
}
