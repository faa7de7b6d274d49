import path from 'node:path';
import { l10n, type QuickPickItem, window } from 'vscode';
import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';
import { describeRun, stateWord } from '../runs/words';
import type { RunRef } from '../types';
import type { Lab } from './lab';

interface RunItem extends QuickPickItem {
  readonly run: RunRef;
}

export interface ChooseRun {
  readonly title: string;
  /** Which runs may be chosen. */
  readonly fits: (head: RunHead) => boolean;
  /** Said where none may be. */
  readonly none: string;
}

function isRunRef(value: unknown): value is RunRef {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

/** The run that a menu, a link or another program hands to a command: as in the tree, by its id, or by its folder. */
async function givenRun({ runs }: Lab, given: unknown): Promise<RunRef | undefined> {
  if (isRunRef(given)) return given;
  if (typeof given !== 'string') return undefined;
  return path.isAbsolute(given) ? await runs.add(given) : runs.refOf(given);
}

export function selectedRuns(selected: unknown): readonly RunRef[] {
  return Array.isArray(selected) ? selected.filter(isRunRef) : [];
}

/** Those that fit, as a list to choose from. */
export async function runItems({ runs }: Lab, fits: ChooseRun['fits']): Promise<RunItem[]> {
  await runs.find();
  return runs
    .list()
    .filter(fits)
    .map((head) => ({
      label: shownName(head),
      description: describeRun(head, runs.curveOf(head.run)),
      detail: `${head.dataset.name} · ${stateWord(head.state)} · ${head.run}`,
      run: runs.refOf(head.run),
    }));
}

/** The run that a command is about: the one given, the one of the panel with the focus, or one that the user chooses. */
export async function chooseRun(lab: Lab, given: unknown, ask: ChooseRun): Promise<RunRef | undefined> {
  const known = await givenRun(lab, given);
  if (known !== undefined) return known;
  const { active } = lab.panels;
  const shown = active && lab.runs.get(active.id);
  if (active !== undefined && shown !== undefined && ask.fits(shown)) return active;
  const items = await runItems(lab, ask.fits);
  if (items.length === 0) {
    await window.showInformationMessage(ask.none);
    return undefined;
  }
  const chosen = await window.showQuickPick(items, {
    title: ask.title,
    placeHolder: l10n.t('Which run?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.run;
}
