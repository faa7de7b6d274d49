import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../../../src/engine/data/dataset';
import { Subject } from '../../../src/engine/explore/subject';
import { RunFolder } from '../../../src/engine/run/folder';
import { writeRelations } from '../../../src/engine/run/relations-file';
import type { Layout } from '../../../src/protocol/dataset';
import { record, temporaryFolder } from '../run/support';

/** Unit vectors of the given directions, row-major [directions.length, width]. */
export function unitRows(directions: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(
    directions.flatMap((direction) => {
      const length = Math.hypot(...direction);
      return direction.map((value) => value / length);
    }),
  );
}

export interface Made {
  readonly subject: Subject;
  readonly folder: string;
  readonly run: RunFolder;
}

/** Points of a plane by their angles in degrees. */
export function angles(...degrees: number[]): number[][] {
  return degrees.map((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]);
}

/** A completed run on disk with these embeddings (a direction per item) and, by step, those of some items. */
export async function runOf(
  dataset: Dataset,
  final: readonly (readonly number[])[] | undefined,
  {
    snapshots = {},
    relations = true,
    layout = dataset.layout,
    name,
    beside,
  }: {
    readonly snapshots?: Readonly<Record<number, Readonly<Record<number, readonly number[]>>>>;
    readonly relations?: boolean;
    readonly layout?: Layout;
    readonly name?: string;
    /** Another run, beside which this one is to lie. */
    readonly beside?: Made;
  } = {},
): Promise<Made> {
  const root = beside ? path.resolve(beside.run.path, '../..') : await temporaryFolder();
  await mkdir(path.join(root, 'data'), { recursive: true });
  const run = await RunFolder.create(path.join(root, 'runs'), name);
  try {
    await run.writeItems(dataset);
    if (relations) await writeRelations(run.path, dataset);
    await run.begin({
      ...record,
      dataset: { ...record.dataset, layout, kind: dataset.items.kind },
    });
    for (const [step, rows] of Object.entries(snapshots)) {
      const directions = Object.values(rows);
      await run.writeSnapshot(
        Number(step),
        [
          {
            name: 'probe.items',
            shape: [directions.length],
            data: Int32Array.from(Object.keys(rows), Number),
          },
          {
            name: 'probe.embeddings',
            shape: [directions.length, directions[0]?.length ?? 0],
            data: unitRows(directions),
          },
        ],
        {},
      );
    }
    if (final)
      await run.writeEmbeddings([
        { name: 'embeddings', shape: [final.length, final[0]?.length ?? 0], data: unitRows(final) },
      ]);
    await run.update({ state: final ? 'completed' : 'stopped' });
  } finally {
    await run.release();
  }
  const opened = await RunFolder.open(run.path);
  return { subject: await Subject.of(opened), folder: run.path, run: opened };
}
