import { z } from 'zod';
import { datasetConfigSchema } from './data/config';
import { overridesSchema } from './train/overrides';

/** What an editor says of each setting of `infonce.json`, by its place in the file. */
const descriptions: Readonly<Record<string, string>> = {
  layout: 'What the folder holds. Default: found by the names of files and columns.',
  columns: 'Which column is what. Columns not named here are guessed by their names and contents.',
  'columns.anchor': 'The text that is asked with: a question, a sentence, a query.',
  'columns.positive': 'The text that belongs to the anchor: its answer, a paraphrase, a document.',
  'columns.negatives': 'Texts that do not belong to the anchor, one column each.',
  'columns.score': 'How alike anchor and positive are; see positiveThreshold.',
  'columns.text': 'The text of a row that has a label.',
  'columns.label': 'What says which rows belong together: those with the same label do.',
  'columns.vector': 'The numeric columns that make the vector, in this order.',
  'columns.user': 'Who took the item.',
  'columns.item': 'What was taken.',
  'columns.time': 'When it was taken; the last of each user are kept for evaluation.',
  'columns.split': 'Which rows are for training, dev and test.',
  'columns.image': 'Paths of images, relative to the folder.',
  files: 'Only these files, relative to the folder, with /. Default: all that can be read.',
  positiveThreshold:
    'Of pairs with a score: from this score on a pair is a positive. Default: chosen by the scores.',
  image: 'How images are read.',
  'image.size':
    'Side in pixels to which every image is resized, a multiple of 4. Default: the median side of the images, from 16 to 64.',
  'image.channels': '1 for grey, 3 for colour. Default: by the images.',
  train: 'How it is trained. What is left out is chosen by the kind of data and a look at them.',
  'train.objective': 'What is optimised. Default: infonce.',
  'train.seed': 'Everything random follows from it. Default: 0.',
  'train.epochs':
    'Times that the training rows are gone through. Default: enough for some hundred steps, by the data.',
  'train.batchSize':
    'Rows per step; in-batch negatives grow with it. Default: 256 for pairs, 64 or 128 for other kinds.',
  'train.learningRate':
    'Its peak, after the warm-up. Default: 0.02 for pairs, 0.01 for other texts and ids, 0.002 for images and vectors.',
  'train.weightDecay':
    'Share of the weights that is taken away with each step, times the learning rate. Default: 0; 0.0001 for images and vectors.',
  'train.warmup': 'Share of all steps in which the learning rate climbs from 0. Default: 0.05.',
  'train.finalLearningRate': 'The cosine decay ends at this share of the peak. Default: 0.01.',
  'train.temperature':
    'The similarities are divided by it: the lower, the more the hardest negatives count. Default: 0.1; 0.05 for pairs whose words overlap, 0.2 for images without classes.',
  'train.symmetric': 'Whether the positives are also asked with, and the anchors found. Default: true.',
  'train.negatives':
    'What a row is compared with besides its own positive: the positives of the other rows (in-batch), the explicit negatives of all rows (explicit-shared) or of its own (explicit-paired), or both. Default: in-batch; both for triplets.',
  'train.dimensions':
    'Width of the embeddings. Default: 512 for texts, 128 for images, 64 for vectors and ids.',
  'train.patience':
    'Evaluations in a row that are clearly below the best, after which training ends; 0 trains to the end. Default: 8.',
  'train.evaluationsPerEpoch': 'How often dev is scored in an epoch. Default: 1.',
  'train.text': 'The encoder of texts.',
  'train.text.vocabularySize':
    'Tokens that are learnt from the training texts. Default: 2,048 to 20,000, by the data.',
  'train.text.idf':
    'How rare tokens count for more: by their start (rows) or by a fixed weight (pooling). Default: by the data.',
  'train.text.dense': 'Width of a dense layer on top; 0 leaves it out. Default: 0.',
  'train.image': 'The encoder of images.',
  'train.image.blocks':
    'Output channels of each convolution block. Default: 16, 32, 64; wider for few images.',
  'train.image.augment': 'How views of an image differ from it.',
  'train.image.augment.rotate': 'Largest turn, radians. Default: 0.2.',
  'train.image.augment.shift': 'Largest shift, share of the side. Default: 0.07.',
  'train.image.augment.scale': 'Largest change of size, share. Default: 0.1.',
  'train.image.augment.mirror': 'Whether left and right may be exchanged. Default: tried on the data.',
  'train.image.augment.noise': 'Standard deviation of noise on pixels in 0 to 1. Default: 0.',
  'train.vector': 'The encoder of vectors.',
  'train.vector.hidden': 'Widths of the hidden layers. Default: 512.',
  'train.vector.noise':
    'Standard deviation of the noise that makes a view, in standard deviations of the column. Default: 0.4.',
};

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  description?: string;
}

/** @throws Error where a setting has no description, so that none can be forgotten */
function describe(schema: JsonSchema, place: string): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const key = place === '' ? name : `${place}.${name}`;
    const description = descriptions[key];
    if (description === undefined) throw new Error(`the setting ${key} has no description`);
    property.description = description;
    describe(property, key);
  }
}

/** JSON schema of `infonce.json`, for completion, hover and checks in an editor. */
export function configFileSchema(): object {
  const file = datasetConfigSchema.extend({ train: overridesSchema.optional() });
  const schema = z.toJSONSchema(file, { target: 'draft-7', io: 'input' }) as JsonSchema;
  describe(schema, '');
  schema.properties = { $schema: { type: 'string' } as JsonSchema, ...schema.properties };
  return { ...schema, title: 'Settings of InfoNCE Lab for a folder of data' };
}
