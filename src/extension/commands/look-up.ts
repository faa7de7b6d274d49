import { readFile, stat } from 'node:fs/promises';
import { l10n, Uri, window } from 'vscode';
import { formatOf } from '../../engine/data/formats';
import { UserError } from '../../protocol/errors';
import type { Query } from '../../protocol/explore';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import { pathOf, requireTrust } from '../ask';
import { chooseRun, runItems } from './choose-run';
import type { Lab } from './lab';

/** A longer text is no query, bytes. */
const longestText = 20_000;

/** @throws UserError where the file is not on a disk, or is too long a text. */
export async function queryOfFile(uri: Uri): Promise<Query> {
  const file = pathOf(uri);
  if (formatOf(file)?.format === 'image') return { image: file };
  const { size } = await stat(file);
  if (size > longestText) {
    const message = l10n.t('{0} is too long to look up ({1} bytes): select a passage of it', file, size);
    throw new UserError('long-query', message, { file });
  }
  return { text: (await readFile(file, 'utf8')).trim() };
}

/** What is selected in the editor with the focus. @throws UserError where it is too long a text. */
function selectedText(): string | undefined {
  const editor = window.activeTextEditor;
  const text = editor?.document.getText(editor.selection).trim();
  const size = Buffer.byteLength(text ?? '');
  if (size > longestText) {
    const message = l10n.t('The selection is too long to look up ({0} bytes): select less', size);
    throw new UserError('long-query', message);
  }
  return text === '' ? undefined : text;
}

/** `undefined`: the user is to type it, once it is known what kind of run it is. */
async function queryOf(clicked: unknown): Promise<Query | undefined> {
  // The editor's menu hands over the address of its file; what is meant there is the selection.
  const text = selectedText();
  const inEditor =
    clicked instanceof Uri && window.activeTextEditor?.document.uri.toString() === clicked.toString();
  if (clicked instanceof Uri && !(inEditor && text !== undefined)) return await queryOfFile(clicked);
  return text === undefined ? undefined : { text };
}

function fitsQuery(query: Query | undefined): (head: RunHead) => boolean {
  const kind = query === undefined ? undefined : 'image' in query ? 'image' : 'text';
  return ({ record, state }) =>
    record !== undefined && state !== 'failed' && (kind === undefined || record.dataset.kind === kind);
}

async function askText(head: RunHead): Promise<Query | undefined> {
  if (head.record?.dataset.kind !== 'text') return undefined;
  const text = await window.showInputBox({
    title: l10n.t('Look up in {0}', shownName(head)),
    prompt: l10n.t('A text whose neighbours are wanted; leave empty to choose in the panel'),
  });
  return text === undefined || text.trim() === '' ? undefined : { text: text.trim() };
}

/** The neighbours of an image, a text file, a selection or a typed text, in a run that the user chooses. */
export async function lookUp(lab: Lab, clicked: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const query = clicked instanceof Uri || clicked === undefined ? await queryOf(clicked) : undefined;
  const fits = fitsQuery(query);
  const none =
    query !== undefined && 'image' in query
      ? l10n.t('There is no run on images yet to look it up in.')
      : l10n.t('There is no run on texts yet to look it up in.');
  const given = clicked instanceof Uri ? undefined : clicked;
  const candidates = given === undefined ? await runItems(lab, fits) : [];
  // Where there is only one, there is nothing to choose.
  const [only] = candidates.length === 1 ? candidates : [];
  const run = await chooseRun(lab, given ?? only?.run, { title: l10n.t('Look up neighbours'), fits, none });
  const head = run && lab.runs.get(run.id);
  if (run === undefined || head === undefined) return;
  const asked = query ?? (await askText(head));
  await lab.panels.open(run, {
    view: 'neighbours',
    beside: query !== undefined,
    ...(asked && { query: asked }),
  });
}
