import { l10n } from 'vscode';
import { type ConfigOverrides, parseTrainConfig } from '../../engine/train/overrides';
import { UserError } from '../../protocol/errors';
import { type ObjectiveName, trainableObjectives } from '../../protocol/run';
import type { NewRun } from '../runs/orders';
import { askSteps, emptyFor, type Step } from './steps';

/** The numbers that are asked for, one after the other. */
const numbers = ['epochs', 'batchSize', 'temperature', 'dimensions', 'learningRate', 'seed'] as const;
export type NumberSetting = (typeof numbers)[number];

export function settingName(setting: NumberSetting | 'objective'): string {
  const names: Record<NumberSetting | 'objective', string> = {
    objective: l10n.t('Objective'),
    epochs: l10n.t('Epochs: times that the training rows are gone through'),
    batchSize: l10n.t('Batch size: rows per step; in-batch negatives grow with it'),
    temperature: l10n.t('Temperature: the similarities are divided by it'),
    dimensions: l10n.t('Dimensions: width of the embeddings'),
    learningRate: l10n.t('Learning rate: its peak, after the warm-up'),
    seed: l10n.t('Seed: everything random follows from it'),
  };
  return names[setting];
}

export function objectiveName(objective: ObjectiveName): string {
  const names: Record<ObjectiveName, string> = {
    infonce: l10n.t('InfoNCE: the positive among all candidates of the batch'),
    'pair-classifier': l10n.t('Pair classifier: same or different, by a classifier on pairs'),
    'scoring-function': l10n.t('Scoring function: same or different, by one linear layer'),
  };
  return names[objective];
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** @returns what the engine itself has against it, for the user */
export function checkNumber(setting: NumberSetting, text: string): string | undefined {
  if (!decimal.test(text)) return l10n.t('It must be a number.');
  try {
    parseTrainConfig({ [setting]: Number(text) }, 'infonce.json');
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(/^train\.\w+: /, '');
    throw error;
  }
}

/** None where there is nothing to choose. */
function objectiveSteps(): Step[] {
  if (trainableObjectives.length < 2) return [];
  const items = trainableObjectives.map((value) => ({ value, label: objectiveName(value) }));
  return [{ kind: 'choice', prompt: l10n.t('What is optimised?'), items }];
}

function numberStep(setting: NumberSetting, present: ConfigOverrides): Step {
  const value = present[setting];
  const usual =
    value === undefined
      ? setting === 'seed'
        ? l10n.t('the default, 0')
        : l10n.t('a value chosen by the data')
      : l10n.t('{0}, as infonce.json says', value);
  return {
    kind: 'text',
    prompt: settingName(setting),
    placeholder: emptyFor(usual),
    check: (text) => checkNumber(setting, text),
  };
}

async function settingsInFile(dataset: string): Promise<ConfigOverrides> {
  const { readConfigFile } = await import('../../engine/data/config');
  return parseTrainConfig((await readConfigFile(dataset)).train, 'infonce.json');
}

/** Asks for the settings of a new run; what is left empty stays as it would be. @returns undefined when the user leaves */
export async function askSettings(dataset: string): Promise<Omit<NewRun, 'dataset'> | undefined> {
  const present = await settingsInFile(dataset);
  const nameStep: Step = {
    kind: 'text',
    prompt: l10n.t('Name of the run; Enter starts the training'),
    placeholder: emptyFor(l10n.t('a name made of date and time')),
    check: () => undefined,
  };
  const asked = [...objectiveSteps(), ...numbers.map((setting) => numberStep(setting, present)), nameStep];
  const answers = await askSteps(l10n.t('Train with options'), asked);
  if (answers === undefined) return undefined;
  const name = answers.at(-1);
  const values = answers.slice(-1 - numbers.length, -1);
  const objective = answers.length > numbers.length + 1 ? { objective: answers[0] } : {};
  const given = numbers.flatMap((setting, i): [string, number][] =>
    values[i] === undefined || values[i] === '' ? [] : [[setting, Number(values[i])]],
  );
  return {
    settings: { ...objective, ...Object.fromEntries(given) },
    ...(name !== undefined && name !== '' && { name }),
  };
}
