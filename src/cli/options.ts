import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { type ConfigOverrides, overridesSchema } from '../engine/train/overrides';
import { objectives } from '../protocol/run';

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

function parseNumber(text: string): number {
  if (!decimal.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
}

/** `a whole number from 1 to 100,000`: what a schema of numbers takes. */
function boundsOf(schema: z.ZodType): string {
  const { type, minimum, exclusiveMinimum, maximum } = z.toJSONSchema(schema);
  const lower =
    exclusiveMinimum === undefined
      ? `from ${minimum?.toLocaleString('en-US')} to`
      : `above ${exclusiveMinimum} up to`;
  return `a ${type === 'integer' ? 'whole ' : ''}number ${lower} ${maximum?.toLocaleString('en-US')}`;
}

/** A number that the setting of that name takes; commander's message names the option and the value. */
function setting(name: 'epochs' | 'batchSize' | 'temperature' | 'dimensions' | 'learningRate' | 'seed') {
  const schema = overridesSchema.shape[name];
  return (text: string): number => {
    const value = parseNumber(text);
    const result = schema.safeParse(value);
    if (!result.success) throw new InvalidArgumentError(`It must be ${boundsOf(schema)}.`);
    return value;
  };
}

/** A whole number from 1 on. */
export function positiveInteger(text: string): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  }
  return value;
}

export function jsonOption(what = 'one JSON object per line on stdout, and nothing else there'): Option {
  return new Option('--json', what);
}

/** The settings of a run that have an option of their own. */
export const settingOptions: readonly Option[] = [
  new Option('--objective <name>', 'what is optimised').choices(objectives),
  new Option('--epochs <n>', 'times that the training rows are gone through').argParser(setting('epochs')),
  new Option('--batch-size <n>', 'rows per step; in-batch negatives grow with it').argParser(
    setting('batchSize'),
  ),
  new Option('--temperature <t>', 'the similarities are divided by it').argParser(setting('temperature')),
  new Option('--dimensions <d>', 'width of the embeddings').argParser(setting('dimensions')),
  new Option('--learning-rate <l>', 'its peak, after the warm-up').argParser(setting('learningRate')),
  new Option('--seed <n>', 'everything random follows from it').argParser(setting('seed')),
];

export type SettingValues = Pick<
  ConfigOverrides,
  'objective' | 'epochs' | 'batchSize' | 'temperature' | 'dimensions' | 'learningRate' | 'seed'
>;

/** The settings among the options given; those left out are not there. */
export function settingValues(options: SettingValues): SettingValues {
  const { objective, epochs, batchSize, temperature, dimensions, learningRate, seed } = options;
  const given = Object.entries({ objective, epochs, batchSize, temperature, dimensions, learningRate, seed });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
