import type { Choice, RunConfig } from '../../protocol/run';
import { marksChoice, marksSetting } from '../batch/marked';
import type { Dataset } from '../data/dataset';
import { fittedAtMost } from '../evaluate/baseline/texts';
import { devMemoryAtMost } from '../evaluate/score';
import type { TrainingPlan } from './plan-training';

const settings = {
  leftOut: 'rows per epoch',
  batch: 'rows per batch',
  baseline: 'texts that TF-IDF is fitted on',
  memory: 'training items that dev looks into',
  marks: marksSetting,
};

/**
 * What follows from the data and the configuration, and is told like a choice: rows that wait, smaller batches, samples.
 * Those among `choices` from an earlier beginning of the run are replaced.
 */
export function withDerivedChoices(
  choices: readonly Choice[],
  dataset: Dataset,
  config: RunConfig,
  plan: TrainingPlan,
): Choice[] {
  const derived = new Set(Object.values(settings));
  return [
    ...choices.filter(({ setting }) => !derived.has(setting)),
    ...leftOutChoice(plan),
    ...batchChoice(plan, config),
    ...baselineChoice(dataset),
    ...memoryChoice(dataset),
    ...marksChoice(dataset),
  ];
}

function leftOutChoice({ rows, stepsPerEpoch, leftOut }: TrainingPlan): Choice[] {
  if (leftOut === 0) return [];
  const count = rows.anchor.length;
  return [
    {
      setting: settings.leftOut,
      value: `${count - leftOut} of ${count}`,
      because: `${leftOut} rows share an item with a row of each of the ${stepsPerEpoch} batches and wait for another epoch`,
    },
  ];
}

/** Where an item occurs in so many rows that batches had to be smaller than asked for. */
function batchChoice({ rows, stepsPerEpoch }: TrainingPlan, { batchSize }: RunConfig): Choice[] {
  const count = rows.anchor.length;
  const size = Math.ceil(count / stepsPerEpoch);
  if (size >= Math.min(batchSize, count)) return [];
  return [
    {
      setting: settings.batch,
      value: `${size} of ${batchSize}`,
      because: 'rows that share an item are kept apart, and some items occur in very many rows',
    },
  ];
}

function baselineChoice({ items, splits }: Dataset): Choice[] {
  const texts = splits.get('train')?.items.length ?? 0;
  if (items.kind !== 'text' || texts <= fittedAtMost) return [];
  return [
    {
      setting: settings.baseline,
      value: `${fittedAtMost} of ${texts}`,
      because: 'rarity changes little beyond, and the baseline stays a matter of seconds',
    },
  ];
}

function memoryChoice({ splits }: Dataset): Choice[] {
  const train = splits.get('train');
  if (train?.relations.type !== 'members' || train.items.length <= devMemoryAtMost) return [];
  return [
    {
      setting: settings.memory,
      value: `${devMemoryAtMost} of ${train.items.length}`,
      because: 'an evaluation during training stays short; the final one looks into all',
    },
  ];
}
