import { z } from 'zod';
import { UserError } from '../../protocol/errors';
import type { RunConfig } from '../../protocol/run';
import { checkpointPart } from '../run/checkpoints';
import type { RunFolder, SavedModel } from '../run/folder';
import { Parameters } from '../tensorflow/parameters';
import { IdEncoder, TextEncoder } from './bag-encoder';
import type { Encoder, ModelDescription } from './encoder';
import { ImageEncoder } from './image-encoder';
import { Model } from './model';
import { VectorEncoder } from './vector-encoder';

const count = z.number().int().positive();

/** A run folder may come from anywhere: `model.json` is checked like any input. */
const descriptionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    dimensions: count,
    vocabularySize: count,
    idf: z.enum(['rows', 'pooling']),
    dense: z.number().int().min(0),
  }),
  z.strictObject({
    kind: z.literal('id'),
    dimensions: count,
    users: z.array(z.string()),
    items: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('image'),
    dimensions: count,
    size: count,
    channels: z.union([z.literal(1), z.literal(3)]),
    blocks: z.array(count).min(1),
  }),
  z.strictObject({ kind: z.literal('vector'), dimensions: count, width: count, hidden: z.array(count) }),
]);

/** The trained model of a run. @throws UserError where the run has none, or its files do not fit together. */
export async function openModel(run: RunFolder): Promise<Model> {
  return assemble(run, await run.readModel(), 'model.safetensors');
}

/**
 * The model of a run that is not completed, as of its newest whole checkpoint; undefined where it has none yet.
 * @throws UserError where the run's files do not fit together.
 */
export async function openCheckpointModel(
  run: RunFolder,
): Promise<{ readonly model: Model; readonly step: number } | undefined> {
  const checkpoint = await run.latestCheckpoint();
  if (checkpoint === undefined) return undefined;
  const tensors = [...checkpointPart(checkpoint, 'weight'), ...checkpointPart(checkpoint, 'constant')];
  const { step } = checkpoint;
  const saved = { tensors, ...(await run.readDescription()) };
  return { model: assemble(run, saved, `the checkpoint of step ${step}`), step };
}

/** @param source what the tensors come from, for messages. */
function assemble(run: RunFolder, saved: SavedModel, source: string): Model {
  const parsed = descriptionSchema.safeParse(saved.model);
  if (!parsed.success) throw damaged(run, `model.json: ${parsed.error.issues[0]?.message ?? 'not a model'}`);
  const tensors = new Map(saved.tensors.map((tensor) => [tensor.name, tensor]));
  const need = (name: string, size: number): Float32Array => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof Float32Array) || data.length !== size)
      throw damaged(run, `${source} has no "${name}" of ${size} numbers`);
    return data;
  };
  const encoder = build(parsed.data, run.record.config, saved.tokenizer, need, run);
  const weights = encoder.weights.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { name, shape, data: need(name, size) };
  });
  encoder.setConstants(saved.tensors);
  return new Model(encoder, new Parameters(weights));
}

type Need = (name: string, size: number) => Float32Array;

function build(
  description: ModelDescription,
  config: RunConfig,
  tokenizer: string | undefined,
  need: Need,
  run: RunFolder,
): Encoder {
  switch (description.kind) {
    case 'text':
      if (tokenizer === undefined) throw damaged(run, 'tokenizer.json is missing');
      return new TextEncoder(description, tokenizer, need('idf', description.vocabularySize));
    case 'id':
      return new IdEncoder(description);
    case 'image': {
      const encoder = new ImageEncoder(description, config.image.augment);
      for (const { name, data } of encoder.constants()) need(name, data.length);
      return encoder;
    }
    case 'vector': {
      const { width } = description;
      const scaling = { mean: need('column.mean', width), deviation: need('column.deviation', width) };
      return new VectorEncoder(description, scaling, config.vector.noise);
    }
  }
}

function damaged(run: RunFolder, what: string): UserError {
  return new UserError('damaged-run', `${what}: restore the run folder, or train again`, { file: run.path });
}
