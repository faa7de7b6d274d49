import { z } from 'zod';
import { layouts, splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { metricNames, objectives, type RunRecord } from '../../protocol/run';
import { spelledNumber } from './json';

const formatVersion = 1;

const count = z.int().nonnegative();
const split = z.enum(splitNames);

const splits = z.object({
  train: z.exactOptional(z.object({ items: count, relations: count })),
  dev: z.exactOptional(z.object({ items: count, relations: count })),
  test: z.exactOptional(z.object({ items: count, relations: count })),
});

const metricFields = Object.fromEntries(
  metricNames.map((name) => [name, z.exactOptional(spelledNumber)]),
) as Record<(typeof metricNames)[number], z.ZodExactOptional<typeof spelledNumber>>;
/** Metrics as files hold them, non-finite ones spelled out. */
export const metricsSchema = z.object({ ...metricFields, split });

const configSchema = z.object({
  objective: z.enum(objectives),
  seed: z.int(),
  epochs: count,
  batchSize: count,
  learningRate: z.number(),
  weightDecay: z.number(),
  warmup: z.number(),
  finalLearningRate: z.number(),
  temperature: z.number(),
  symmetric: z.boolean(),
  negatives: z.enum(['in-batch', 'explicit-shared', 'explicit-paired', 'both']),
  dimensions: count,
  patience: count,
  evaluationsPerEpoch: z.number(),
  text: z.object({ vocabularySize: count, idf: z.enum(['rows', 'pooling']), dense: count }),
  image: z.object({
    size: count,
    channels: z.union([z.literal(1), z.literal(3)]),
    blocks: z.array(count),
    augment: z.object({
      rotate: z.number(),
      shift: z.number(),
      scale: z.number(),
      mirror: z.boolean(),
      noise: z.number(),
    }),
  }),
  vector: z.object({ hidden: z.array(count), noise: z.number() }),
});

const recordSchema = z.object({
  formatVersion: z.literal(formatVersion),
  id: z.string(),
  name: z.string(),
  state: z.enum(['running', 'completed', 'stopped', 'failed', 'interrupted']),
  createdAt: z.string(),
  dataset: z.object({
    path: z.string(),
    layout: z.enum(layouts),
    kind: z.enum(['text', 'image', 'vector', 'id']),
    reading: z.exactOptional(z.record(z.string(), z.unknown())),
    fingerprint: z.string(),
    splits,
  }),
  config: configSchema,
  choices: z.array(z.object({ setting: z.string(), value: z.string(), because: z.string() })),
  environment: z.object({
    version: z.string(),
    backend: z.string(),
    tensorflow: z.string(),
    node: z.string(),
    platform: z.string(),
    threads: count,
  }),
  contrast: z.exactOptional(z.object({ candidates: z.number().min(1), groups: z.number().min(1) })),
  problems: z.exactOptional(
    z.array(
      z.object({
        severity: z.enum(['error', 'warning', 'info']),
        code: z.string(),
        message: z.string(),
        file: z.exactOptional(z.string()),
        line: z.exactOptional(count),
        count: z.exactOptional(count),
      }),
    ),
  ),
  steps: count,
  parameters: count,
  baselines: z.exactOptional(z.object({ untrained: metricsSchema, model_free: metricsSchema })),
  metrics: z.exactOptional(metricsSchema),
  best: z.exactOptional(z.object({ step: count, metric: z.enum(metricNames), value: spelledNumber })),
  seconds: z.exactOptional(z.number()),
  pairsPerSecond: z.exactOptional(spelledNumber),
  failure: z.exactOptional(
    z.object({
      code: z.string(),
      message: z.string(),
      file: z.exactOptional(z.string()),
      line: z.exactOptional(z.number()),
    }),
  ),
});

/** The first thing that a schema disliked, as a clause: `config.epochs: expected number`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it does not have the expected form';
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}

/**
 * Checks the text of a `run.json`.
 * @throws UserError `newer-run` when a later version of the program wrote it, `damaged-run` when it is not a run's record.
 */
export function parseRecord(text: string, file: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      'damaged-run',
      `${file} is not JSON: restore it, or delete the run`,
      { file },
      { cause: error },
    );
  }
  const version = z.object({ formatVersion: z.number() }).safeParse(value);
  if (version.success && version.data.formatVersion > formatVersion) {
    throw new UserError(
      'newer-run',
      `${file} has format ${version.data.formatVersion}, this program reads ${formatVersion}: update the program`,
      { file },
    );
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) {
    const why = firstIssue(parsed.error);
    if (parsed.error.issues.every(({ path: [part] }) => part === 'config')) {
      throw new UserError(
        'unsupported-run',
        `${file} has a setting that this version does not support (${why}): update the program, or train anew`,
        { file },
      );
    }
    throw new UserError(
      'damaged-run',
      `${file} is not the record of a run (${why}): restore it, or delete the run`,
      {
        file,
      },
    );
  }
  return parsed.data;
}
