import path from 'node:path';
import { l10n, window } from 'vscode';
import { trainableObjectives } from '../../protocol/run';
import { requireTrust } from '../ask';
import type { NewRun } from '../runs/orders';
import { runItems, selectedRuns } from './choose-run';
import { chooseDatasets } from './datasets';
import type { Lab } from './lab';
import { checkNumber, type NumberSetting, objectiveName, settingName } from './options';

/** Shows runs over each other: those selected in the tree, else those that the user ticks. */
export async function compareRuns(lab: Lab, _clicked: unknown, selected: unknown): Promise<void> {
  const given = selectedRuns(selected);
  const inTree = given.length > 1 ? given : lab.view.selection;
  if (inTree.length > 1) {
    await lab.panels.openCompare(inTree);
    return;
  }
  const items = await runItems(lab, ({ record }) => record !== undefined);
  if (items.length < 2) {
    await window.showInformationMessage(l10n.t('There are not two runs to compare yet: train another one.'));
    return;
  }
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Compare runs'),
    placeHolder: l10n.t('Tick two or more'),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen === undefined || chosen.length === 0) return;
  if (chosen.length === 1) {
    await window.showInformationMessage(
      l10n.t('One run alone has nothing to be compared with: tick two or more.'),
    );
    return;
  }
  await lab.panels.openCompare(chosen.map(({ run }) => run));
}

/** What runs may differ in, with values that are worth a first look. */
const variables: readonly { readonly setting: NumberSetting; readonly usual: string }[] = [
  { setting: 'temperature', usual: '0.05, 0.1, 0.2' },
  { setting: 'dimensions', usual: '64, 128, 256' },
  { setting: 'batchSize', usual: '64, 128, 256' },
  { setting: 'learningRate', usual: '0.005, 0.01, 0.02' },
  { setting: 'seed', usual: '0, 1, 2' },
];

interface Variant {
  readonly name: string;
  readonly settings: NonNullable<NewRun['settings']>;
}

/** `0.05, 0.1` as numbers, each once. */
export function valuesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

async function askValues({ setting, usual }: (typeof variables)[number]): Promise<Variant[]> {
  const text = await window.showInputBox({
    title: settingName(setting),
    prompt: l10n.t('Two or more values, one run each'),
    value: usual,
    ignoreFocusOut: true,
    validateInput(input) {
      const values = valuesOf(input);
      const wrong = values.map((value) => checkNumber(setting, value)).find((why) => why !== undefined);
      return wrong ?? (values.length < 2 ? l10n.t('Two values at least, separated by commas.') : undefined);
    },
  });
  return valuesOf(text ?? '').map((value) => ({
    name: `${setting} ${value}`,
    settings: { [setting]: Number(value) },
  }));
}

/** @returns none when the user leaves */
async function askVariants(): Promise<readonly Variant[]> {
  const methods = trainableObjectives.map((objective) => ({ name: objective, settings: { objective } }));
  const items = [
    ...(methods.length > 1
      ? [
          {
            label: l10n.t('The methods'),
            detail: trainableObjectives.map(objectiveName).join('; '),
            variable: undefined,
          },
        ]
      : []),
    ...variables.map((variable) => ({
      label: settingName(variable.setting),
      detail: variable.usual,
      variable,
    })),
  ];
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Compare methods and settings'),
    placeHolder: l10n.t('What shall the runs differ in? Data, split and everything else are equal'),
  });
  if (chosen === undefined) return [];
  return chosen.variable === undefined ? methods : await askValues(chosen.variable);
}

/** Trains several runs on one dataset that differ in one thing, and shows them over each other. */
export async function compareMethods(lab: Lab, clicked: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const [dataset] = await chooseDatasets(l10n.t('Compare methods and settings'), clicked, undefined);
  if (dataset === undefined) return;
  const variants = await askVariants();
  if (variants.length === 0) return;
  const runs = variants.map(({ name, settings }) =>
    lab.runs.train({ dataset, name: `${path.basename(dataset)} ${name}`, settings }),
  );
  await lab.panels.openCompare(runs);
}
