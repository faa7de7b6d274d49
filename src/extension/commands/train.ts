import { l10n } from 'vscode';
import { requireTrust } from '../ask';
import type { RunRef } from '../types';
import { chooseDatasets } from './datasets';
import type { Lab } from './lab';

/** Trains on what was clicked, or on a folder that the user chooses, and shows it. */
export async function trainClicked(lab: Lab, clicked: unknown, selected: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const datasets = await chooseDatasets(l10n.t('Train an embedding model'), clicked, selected);
  await show(
    lab,
    datasets.map((dataset) => lab.runs.train({ dataset })),
  );
}

/** The same, and asks for the settings first. */
export async function trainWithOptions(lab: Lab, clicked: unknown, selected: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const datasets = await chooseDatasets(l10n.t('Train with options'), clicked, selected);
  const [first] = datasets;
  if (first === undefined) return;
  const { askSettings } = await import('./options');
  const asked = await askSettings(first);
  if (asked === undefined) return;
  await show(
    lab,
    datasets.map((dataset) => lab.runs.train({ dataset, ...asked })),
  );
}

async function show({ panels }: Lab, [first]: readonly RunRef[]): Promise<void> {
  if (first !== undefined) await panels.open(first);
}
