import { buildImages } from './build-images';
import { InteractionBuilder } from './build-interactions';
import { LabelledTextBuilder } from './build-labelled-texts';
import { PairBuilder } from './build-pairs';
import { VectorBuilder } from './build-vectors';
import type { DatasetConfig } from './config';
import { ManifestBuilder } from './image-sources';
import type { Mapping } from './mapping';
import type { Built, Origin } from './raw';
import { splitCodes, splitOf, splitsOfFiles, undecided } from './split-names';
import { type Cell, cellText, type ReadContext, type Table } from './table';
import type { TableChoice } from './tables';

interface Builder {
  add(cell: (name: string | undefined) => Cell, origin: Origin, line: number): void;
  finish(): Built | Promise<Built>;
}

/** Streams the rows of the chosen tables into items and relations. Files are numbered in the order of the tables. */
export async function readTables(
  root: string,
  { mapping, tables }: TableChoice,
  config: DatasetConfig,
  context: ReadContext,
): Promise<Built> {
  const builder = builderFor(root, mapping, config, context);
  const splits = splitsOfFiles(tables.map((table) => table.file.name));
  for (const [file, table] of tables.entries()) {
    const split = splits[file];
    const code = split === undefined ? undecided : splitCodes[split];
    await readTable(table, mapping, { file, name: table.file.name, split: code }, builder, context);
  }
  return builder.finish();
}

async function readTable(
  table: Table,
  mapping: Mapping,
  origin: Origin,
  builder: Builder,
  context: ReadContext,
): Promise<void> {
  const indices = new Map(table.columns.map((name, i) => [name, i]));
  const splitColumn = mapping.columns.split;
  const origins = new Map<number, Origin>([[origin.split, origin]]);
  const originOf = (split: number): Origin => {
    const known = origins.get(split) ?? { ...origin, split };
    origins.set(split, known);
    return known;
  };
  const at = (line: number): { file: string; line: number } => ({ file: origin.name, line });
  let rows = 0;
  let cells: readonly Cell[] = [];
  const cell = (name: string | undefined): Cell => {
    const index = name === undefined ? undefined : indices.get(name);
    return index === undefined ? null : (cells[index] ?? null);
  };
  await table.read(context, (row, line) => {
    rows++;
    cells = row;
    let from = origin;
    if (splitColumn !== undefined) {
      const word = cellText(cell(splitColumn));
      const split = splitOf(word);
      if (split !== undefined) from = originOf(splitCodes[split]);
      else if (word.trim() === '') {
        const message = (): string =>
          `rows without a split are taken as train: ${origin.name}, line ${line}, column "${splitColumn}"`;
        context.log.add('info', 'no-split-named', message, at(line));
      } else {
        const message = (): string =>
          `the split "${word}" is none of train, dev and test: ${origin.name}, line ${line}; such rows are taken as train`;
        context.log.add('warning', 'unknown-split', message, at(line));
      }
    }
    builder.add(cell, from, line);
  });
  if (rows > 0) return;
  const message = `${origin.name} has columns but no rows, so it adds nothing`;
  context.log.add('warning', 'no-rows', message, { file: origin.name });
}

function builderFor(root: string, mapping: Mapping, config: DatasetConfig, context: ReadContext): Builder {
  const { layout, columns } = mapping;
  switch (layout) {
    case 'pairs':
    case 'triplets':
    case 'scored-pairs':
      return new PairBuilder(layout, columns, context.log);
    case 'labelled-texts':
      return new LabelledTextBuilder(columns, context.log);
    case 'vectors':
    case 'labelled-vectors':
      return new VectorBuilder(columns, context.log);
    case 'interactions':
      return new InteractionBuilder(columns, context.log);
    case 'images':
    case 'labelled-images': {
      const manifest = new ManifestBuilder(root, columns, context);
      return {
        add: (cell, origin, line) => manifest.add(cell, origin, line),
        finish: async () => buildImages(await manifest.images(), config, context),
      };
    }
  }
}
