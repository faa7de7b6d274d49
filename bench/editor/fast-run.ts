import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeSettings } from '../../test/workbench/data';

const columns = 8;
const labels = 10;
const batchSize = 32;
const stepsPerEpoch = 100;

/** Vectors around ten centres, with their labels. */
function vectors(rows: number): string {
  const header = [...Array.from({ length: columns }, (_, i) => `v${i}`), 'label'].join(',');
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = row % labels;
    const values = Array.from({ length: columns }, (_, i) => Math.sin(label * (i + 1)) + Math.random());
    return [...values.map((value) => value.toFixed(6)), `l${label}`].join(',');
  });
  return `${header}\n${lines.join('\n')}\n`;
}

/**
 * Writes `numbers`, a data folder on which a run takes about so many steps of a millisecond or two each, with an
 * evaluation every hundred.
 */
export async function writeFastData(workspace: string, steps: number): Promise<string> {
  const folder = path.join(workspace, 'numbers');
  await mkdir(folder);
  await writeFile(path.join(folder, 'train.csv'), vectors(batchSize * stepsPerEpoch));
  await writeFile(path.join(folder, 'dev.csv'), vectors(200));
  await writeSettings(folder, { epochs: Math.ceil(steps / stepsPerEpoch), batchSize, patience: 0 });
  return folder;
}
