import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { InspectReport } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import type { RunConfig } from '../../protocol/run';
import { requireTrust } from '../ask';
import { chooseDatasets } from './datasets';
import type { Lab } from './lab';

type TrainPart = Partial<RunConfig>;

/** The settings most worth changing, with the values of the newest run on the data, else those known without one. */
function trainPart(report: InspectReport, config: RunConfig | undefined): TrainPart {
  if (config === undefined) {
    return { objective: 'infonce', seed: 0, ...(report.batch && { batchSize: report.batch.size }) };
  }
  const { objective, seed, epochs, batchSize, learningRate, temperature, dimensions } = config;
  return { objective, seed, epochs, batchSize, learningRate, temperature, dimensions };
}

/** The text of an `infonce.json` that says what the program found out by itself. */
export function configText(report: InspectReport, config: RunConfig | undefined): string {
  const { layout, columns } = report;
  const value = {
    ...(layout !== null && { layout }),
    ...(Object.keys(columns).length > 0 && { columns }),
    train: trainPart(report, config),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A single data file has no settings of its own: they are those of its folder. */
async function requireFolder(dataset: string): Promise<void> {
  if ((await stat(dataset)).isDirectory()) return;
  const message = l10n.t(
    '{0} is a file: settings are kept in a folder of data, so choose its folder',
    dataset,
  );
  throw new UserError('not-a-folder', message, { file: dataset });
}

async function mayWrite(file: Uri): Promise<boolean> {
  const there = await workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!there) return true;
  const open = l10n.t('Open It');
  const replace = l10n.t('Replace');
  const question = l10n.t('{0} is there already.', workspace.asRelativePath(file));
  const answer = await window.showWarningMessage(question, { modal: true }, open, replace);
  if (answer === open) await window.showTextDocument(file);
  return answer === replace;
}

/** Writes an `infonce.json` with what was found in the folder, to go on from. */
export async function newConfig(lab: Lab, clicked: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const [dataset] = await chooseDatasets(l10n.t('New settings file'), clicked, undefined);
  if (dataset === undefined) return;
  await requireFolder(dataset);
  const file = Uri.file(path.join(dataset, 'infonce.json'));
  if (!(await mayWrite(file))) return;
  const title = l10n.t('Looking at {0}', path.basename(dataset));
  const report = await window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    const { inspect } = await import('../jobs/training');
    return await inspect(await lab.startTrainer(false), dataset);
  });
  const known = lab.runs.list().find((head) => head.dataset.path === dataset && head.record !== undefined);
  const text = configText(report, known?.record?.config);
  await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await window.showTextDocument(file);
}
