import type { ItemKind, Layout, Problem, SplitName } from './dataset';

export const objectives = ['infonce', 'pair-classifier', 'scoring-function'] as const;
export type ObjectiveName = (typeof objectives)[number];

/** Those that the engine can train so far. */
export const trainableObjectives: readonly ObjectiveName[] = ['infonce'];

/** Metric names are fixed by the contract; every figure carries one of them. */
export const metricNames = [
  'loss',
  'recall@1',
  'recall@10',
  'mrr@10',
  'ndcg@10',
  'map@100',
  'knn_accuracy',
  'triplet_accuracy',
  'pair_roc_auc',
  'pair_average_precision',
  'spearman',
  'anomaly_roc_auc',
  'alignment',
  'uniformity',
  'rank',
  'mi_lower_bound',
] as const;
export type MetricName = (typeof metricNames)[number];

/** Metrics of one evaluation; `split` says of which part. A metric that does not apply is absent. */
export type Metrics = Partial<Record<MetricName, number>> & { readonly split: SplitName };

export type RunState = 'running' | 'completed' | 'stopped' | 'failed' | 'interrupted';

/** How the candidates of a row are put together, besides its own positive. */
export type Negatives = 'in-batch' | 'explicit-shared' | 'explicit-paired' | 'both';

/** Everything that decides the outcome of a run. It holds nothing that only one machine understands. */
export interface RunConfig {
  readonly objective: ObjectiveName;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of all steps in which the learning rate climbs linearly from 0. */
  readonly warmup: number;
  /** The cosine decay ends at this share of the peak learning rate. */
  readonly finalLearningRate: number;
  readonly temperature: number;
  readonly symmetric: boolean;
  readonly negatives: Negatives;
  readonly dimensions: number;
  /** Evaluations in a row more than a standard error below the best after which training ends; 0 trains to the end. */
  readonly patience: number;
  readonly evaluationsPerEpoch: number;
  readonly text: {
    readonly vocabularySize: number;
    /** `rows`: the table's rows start scaled by it and learn on; `pooling`: a fixed weight of the sum. */
    readonly idf: 'rows' | 'pooling';
    /** Width of an optional dense layer on top of the pooled rows; 0 leaves it out. */
    readonly dense: number;
  };
  readonly image: {
    readonly size: number;
    readonly channels: 1 | 3;
    /** Output channels of each convolution block. */
    readonly blocks: readonly number[];
    readonly augment: {
      /** Largest rotation, radians. */
      readonly rotate: number;
      /** Largest shift, share of the side. */
      readonly shift: number;
      /** Largest change of scale, share. */
      readonly scale: number;
      readonly mirror: boolean;
      /** Standard deviation of the noise added to pixels in 0..1. */
      readonly noise: number;
    };
  };
  readonly vector: {
    readonly hidden: readonly number[];
    /** Standard deviation of the noise that makes a view, in standard deviations of the column. */
    readonly noise: number;
  };
}

/** A setting that the program chose by looking at the data, with the evidence. */
export interface Choice {
  readonly setting: string;
  readonly value: string;
  readonly because: string;
}

export interface Baselines {
  readonly untrained: Metrics;
  /** TF-IDF for text, pixels for images, raw columns for vectors, popularity for ids. */
  readonly model_free: Metrics;
}

export interface Environment {
  readonly version: string;
  readonly backend: string;
  readonly tensorflow: string;
  readonly node: string;
  readonly platform: string;
  readonly threads: number;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** What a row of a training batch is compared with; from it follow the loss of knowing nothing and the least loss. */
export interface Contrast {
  /** Candidates of a row, its own positive included, hidden ones not: the mean over the rows. */
  readonly candidates: number;
  /** How many different things the in-batch candidates are: rows, or labels where they say what belongs together. */
  readonly groups: number;
}

/** `run.json`. */
export interface RunRecord {
  readonly formatVersion: 1;
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly createdAt: string;
  readonly dataset: {
    /** As given by the user, relative to the run folder, so that both can move together. */
    readonly path: string;
    readonly layout: Layout;
    readonly kind: ItemKind;
    /** How it was read: the part of `infonce.json` and `--config` that is about the data; absent where all was found out. */
    readonly reading?: Readonly<Record<string, unknown>>;
    /** SHA-256 over the paths, sizes and contents of the files read. */
    readonly fingerprint: string;
    readonly splits: Readonly<Partial<Record<SplitName, { items: number; relations: number }>>>;
  };
  readonly config: RunConfig;
  readonly choices: readonly Choice[];
  readonly environment: Environment;
  /** What each row is compared with in a batch. Runs of version 0.1.0 do not have it. */
  readonly contrast?: Contrast;
  /** What the pre-flight warned of. */
  readonly problems?: readonly Problem[];
  readonly steps: number;
  readonly parameters: number;
  readonly baselines?: Baselines;
  readonly metrics?: Metrics;
  /** The evaluation whose weights are kept. */
  readonly best?: { readonly step: number; readonly metric: MetricName; readonly value: number };
  readonly seconds?: number;
  readonly pairsPerSecond?: number;
  readonly failure?: Failure;
}

/** What `infonce train --json` prints, one object per line, and what the trainer sends to the panel. */
export type TrainEvent =
  | {
      readonly event: 'started';
      readonly run: string;
      readonly steps: number;
      readonly parameters: number;
      readonly backend: string;
    }
  | { readonly event: 'step'; readonly step: number; readonly epoch: number; readonly loss: number }
  | {
      readonly event: 'evaluated';
      readonly step: number;
      readonly split: SplitName;
      readonly metrics: Metrics;
    }
  | {
      readonly event: 'completed';
      readonly run: string;
      readonly metrics: Metrics;
      readonly baselines: Baselines;
      readonly seconds: number;
      readonly pairsPerSecond: number;
    }
  | { readonly event: 'stopped'; readonly run: string }
  | ({ readonly event: 'failed' } & Failure);
