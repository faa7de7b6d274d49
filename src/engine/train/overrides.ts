import { z } from 'zod';
import { UserError } from '../../protocol/errors';
import { objectives } from '../../protocol/run';

const share = z.number().min(0).max(1);
const count = z.number().int().min(1);

/** The `train` part of `infonce.json`, and what the command line sets: any part of a run's configuration. */
export const overridesSchema = z.strictObject({
  objective: z.enum(objectives).optional(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  epochs: count.max(100_000).optional(),
  batchSize: z.number().int().min(2).max(65_536).optional(),
  learningRate: z.number().positive().max(1e6).optional(),
  weightDecay: z.number().min(0).max(1).optional(),
  warmup: share.optional(),
  finalLearningRate: share.optional(),
  temperature: z.number().min(1e-3).max(100).optional(),
  symmetric: z.boolean().optional(),
  negatives: z.enum(['in-batch', 'explicit-shared', 'explicit-paired', 'both']).optional(),
  dimensions: count.max(8192).optional(),
  patience: z.number().int().min(0).optional(),
  evaluationsPerEpoch: count.max(100).optional(),
  text: z
    .strictObject({
      // The tokenizers library learns no more than 30,000 tokens.
      vocabularySize: z.number().int().min(257).max(30_000).optional(),
      idf: z.enum(['rows', 'pooling']).optional(),
      dense: z.number().int().min(0).max(8192).optional(),
    })
    .optional(),
  image: z
    .strictObject({
      blocks: z.array(count.max(2048)).min(1).max(6).optional(),
      augment: z
        .strictObject({
          rotate: z.number().min(0).max(Math.PI).optional(),
          shift: share.optional(),
          scale: z.number().min(0).max(0.9).optional(),
          mirror: z.boolean().optional(),
          noise: z.number().min(0).max(10).optional(),
        })
        .optional(),
    })
    .optional(),
  vector: z
    .strictObject({
      hidden: z.array(count.max(65_536)).max(8).optional(),
      noise: z.number().min(0).max(10).optional(),
    })
    .optional(),
});

type Overrides = z.infer<typeof overridesSchema>;
type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Any part of a run's configuration; the size and channels of images follow from the data. */
export type ConfigOverrides = Defined<Omit<Overrides, 'text' | 'image' | 'vector'>> & {
  text?: Defined<NonNullable<Overrides['text']>>;
  image?: Defined<Omit<NonNullable<Overrides['image']>, 'augment'>> & {
    size?: number;
    channels?: 1 | 3;
    augment?: Defined<NonNullable<NonNullable<Overrides['image']>['augment']>>;
  };
  vector?: Defined<NonNullable<Overrides['vector']>>;
};

/**
 * @param file where the settings stand, where that is a file.
 * @throws UserError naming the file, the setting, its value and what it may be.
 */
export function parseTrainConfig(value: unknown, file?: string): ConfigOverrides {
  if (value === undefined) return {};
  const result = overridesSchema.safeParse(value);
  if (result.success) return result.data as ConfigOverrides;
  const [issue] = result.error.issues;
  const setting = ['train', ...(issue?.path ?? [])].join('.');
  const given = issue?.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown>)?.[key],
    value,
  );
  const shown = given === undefined || typeof given === 'object' ? '' : ` is ${JSON.stringify(given)}`;
  throw new UserError('bad-config', `${setting}${shown}: ${issue?.message ?? 'not a valid setting'}`, {
    ...(file !== undefined && { file }),
  });
}
