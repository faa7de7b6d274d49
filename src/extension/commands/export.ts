import { l10n, ProgressLocation, window } from 'vscode';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import { requireTrust } from '../ask';
import type { EmbeddingFormat } from '../export/embeddings';
import { askTarget, tellExported } from '../export/place';
import type { Target, Watch } from '../export/write-folder';
import { type ChooseRun, chooseRun } from './choose-run';
import type { Lab } from './lab';

const isCompleted = ({ state }: RunHead): boolean => state === 'completed';

type Write = (folder: string, target: Target, watch: Watch) => Promise<unknown>;

/** Shows an export as a notification that can be cancelled. @returns whether it came to its end */
async function withExportProgress(
  title: string,
  write: (watch: Watch) => Promise<unknown>,
): Promise<boolean> {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return await window.withProgress(options, async (progress, token) => {
    const ending = new AbortController();
    token.onCancellationRequested(() => ending.abort());
    let shown = '';
    const onProgress = (name: string, share: number) => {
      const message = `${name} ${Math.floor(100 * share)} %`;
      if (message !== shown) progress.report({ message });
      shown = message;
    };
    try {
      await write({ signal: ending.signal, onProgress });
      return true;
    } catch (error) {
      if (error === ending.signal.reason) return false;
      throw error;
    }
  });
}

/** @param askWrite asked once the run is chosen; undefined when the user leaves */
async function exportRun(
  lab: Lab,
  given: unknown,
  ask: Pick<ChooseRun, 'title' | 'none'> & { readonly suffix: string },
  askWrite: () => Promise<Write | undefined>,
): Promise<void> {
  if (!(await requireTrust())) return;
  const run = await chooseRun(lab, given, { ...ask, fits: isCompleted });
  const folder = run && lab.runs.folderOf(run.id);
  const head = run && lab.runs.get(run.id);
  if (folder === undefined || head === undefined) return;
  const write = await askWrite();
  if (write === undefined) return;
  const target = await askTarget(ask.title, shownName(head), ask.suffix);
  if (target === undefined) return;
  const title = l10n.t('Exporting {0}', shownName(head));
  const done = await withExportProgress(title, async (watch) => await write(folder, target, watch));
  if (done) await tellExported(target.folder);
}

export async function exportModel(lab: Lab, given: unknown): Promise<void> {
  const title = l10n.t('Export a model');
  const none = l10n.t('There is no completed run whose model could be exported.');
  await exportRun(lab, given, { title, none, suffix: 'model' }, async () => {
    const { exportModel } = await import('../export/model');
    return exportModel;
  });
}

async function askFormats(): Promise<EmbeddingFormat[] | undefined> {
  const items = [
    {
      label: 'NumPy',
      description: 'embeddings.npy, items.jsonl',
      picked: true,
      format: 'numpy' as const,
    },
    {
      label: 'TensorBoard Projector',
      description: 'vectors.tsv, metadata.tsv',
      format: 'projector' as const,
    },
  ];
  const title = l10n.t('Export embeddings');
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('In which form?'),
    canPickMany: true,
  });
  return chosen?.map(({ format }) => format);
}

export async function exportEmbeddings(lab: Lab, given: unknown): Promise<void> {
  const title = l10n.t('Export embeddings');
  const none = l10n.t('There is no completed run whose embeddings could be exported.');
  await exportRun(lab, given, { title, none, suffix: 'embeddings' }, async () => {
    const formats = await askFormats();
    if (formats === undefined || formats.length === 0) return undefined;
    const { exportEmbeddings } = await import('../export/embeddings');
    return async (folder, target, watch) => await exportEmbeddings(folder, target, formats, watch);
  });
}
