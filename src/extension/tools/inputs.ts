import { z } from 'zod';
import { overridesSchema } from '../../engine/train/overrides';
import { splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { pairKinds } from '../../protocol/explore';
import { trainableObjectives } from '../../protocol/run';

const words = z.string().min(1);

const run = z.exactOptional(
  words
    .max(500)
    .describe(
      'Id of a run, or its name where no other run has it (see infonce_list_runs). Default: the run that is being trained, else the newest.',
    ),
);
const step = z.exactOptional(
  z
    .int()
    .min(0)
    .describe(
      'Answer as of the evaluation at this step. Default: the trained model, or the newest evaluation.',
    ),
);

const count = (most: number, standard: number, what: string) =>
  z.int().min(1).max(most).default(standard).describe(what);

/** The settings that a model may choose; the rest follows from `infonce.json` and the data. */
export const offeredSettings = overridesSchema
  .pick({
    epochs: true,
    batchSize: true,
    learningRate: true,
    temperature: true,
    dimensions: true,
    negatives: true,
    symmetric: true,
    patience: true,
    evaluationsPerEpoch: true,
    seed: true,
  })
  .extend({ objective: z.enum(trainableObjectives).optional() });

/** What each tool takes. The manifest repeats it as JSON schemas; a test holds them together. */
export const inputs = {
  infonce_list_runs: z.strictObject({
    dataset: z.exactOptional(
      words.describe('Only runs whose dataset has these words in its path, whatever their case.'),
    ),
    limit: count(200, 20, 'Runs at most.'),
  }),
  infonce_run_metrics: z.strictObject({
    run,
    evaluations: count(
      100,
      12,
      'Evaluations at most: the first, the last and the best of a longer run are kept, and others evenly between.',
    ),
  }),
  infonce_neighbours: z.strictObject({
    run,
    text: z.exactOptional(words.max(100_000).describe('Ask with this text. Runs on texts only.')),
    item: z.exactOptional(
      words
        .max(4_096)
        .describe(
          'Ask with the item of the run that has this id or path, or that alone mentions these words.',
        ),
    ),
    row: z.exactOptional(
      z.int().min(0).describe('Ask with the item in this row, as answers of these tools name it.'),
    ),
    file: z.exactOptional(
      words
        .max(4_096)
        .describe(
          'Ask with this image, or the text in this file: a path in an open folder, absolute or relative to it.',
        ),
    ),
    k: count(100, 10, 'Neighbours at most.'),
    label: z.exactOptional(words.describe('Only neighbours with exactly this label.')),
    split: z.exactOptional(z.enum(splitNames).describe('Only neighbours in this split.')),
    step,
  }),
  infonce_confusions: z.strictObject({
    run,
    kind: z
      .enum(pairKinds)
      .default('hardest-negatives')
      .describe(
        'hardest-negatives: the most alike pairs that do not belong together. false-negatives: those of them so alike that they may belong together after all. hardest-positives: the least alike pairs that do belong together.',
      ),
    limit: count(100, 10, 'Pairs at most.'),
    step,
  }),
  infonce_train: z.strictObject({
    folder: words
      .max(4_096)
      .describe('The dataset: a folder, or a data file, in an open folder; absolute or relative to it.'),
    name: z.exactOptional(words.max(200).describe('Name of the run. Default: made of date and time.')),
    settings: z.exactOptional(
      offeredSettings.describe(
        'What is not given follows from infonce.json in the folder, then from the data.',
      ),
    ),
  }),
} as const;

export type ToolName = keyof typeof inputs;
export type Input<N extends ToolName> = z.output<(typeof inputs)[N]>;

/**
 * A language model writes the input, so all that is wrong with it is told at once.
 * @throws UserError that names each setting and what it may be.
 */
export function parseInput<N extends ToolName>(name: N, given: unknown): Input<N> {
  const parsed = inputs[name].safeParse(withoutNull(given));
  if (parsed.success) return parsed.data as Input<N>;
  const wrong = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the input'}: ${message}`,
  );
  throw new UserError(
    'bad-input',
    `The input of ${name} is refused (${wrong.join('; ')}): mend it and call again.`,
  );
}

/** Many models write null for what they leave out. */
function withoutNull(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
