import { readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../protocol/errors';
import { fileError, isMissing, makeFolder } from './files';
import { readSafetensors, writeSafetensors } from './safetensors';
import type { NamedTensor } from './tensors';

const kept = 2;

export interface Checkpoint {
  readonly step: number;
  readonly tensors: readonly NamedTensor[];
  readonly state: ReadonlyMap<string, string>;
}

/** The tensors that a checkpoint holds under a prefix (`weight`, `constant`, …), named without it. */
export function checkpointPart({ tensors }: Checkpoint, prefix: string): NamedTensor[] {
  return tensors
    .filter((tensor) => tensor.name.startsWith(`${prefix}/`))
    .map(({ name, shape, data }) => ({ name: name.slice(prefix.length + 1), shape, data }));
}

/** `step-000123.safetensors`: sorted by name up to a million steps, and by number always. */
export function stepFile(step: number): string {
  return `step-${String(step).padStart(6, '0')}.safetensors`;
}

/** The step files of a folder, newest first; none where there is no folder. */
export async function stepsIn(folder: string): Promise<{ step: number; file: string }[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileError(error, 'read', folder);
  }
  return names
    .flatMap((name) => {
      const match = /^step-(\d+)\.safetensors$/.exec(name);
      return match === null ? [] : [{ step: Number(match[1]), file: path.join(folder, name) }];
    })
    .sort((a, b) => b.step - a.step);
}

/** Commits one checkpoint with its checksum, then removes all older than the two newest. */
export async function writeCheckpoint(
  folder: string,
  step: number,
  tensors: readonly NamedTensor[],
  state: Readonly<Record<string, string>>,
): Promise<void> {
  await makeFolder(folder);
  await writeSafetensors(path.join(folder, stepFile(step)), tensors, state, { checksum: true });
  const older = (await stepsIn(folder)).filter((other) => other.step <= step).slice(kept);
  for (const { file } of older) await unlink(file).catch(() => undefined);
}

/**
 * The newest checkpoint whose content is whole, or undefined where there is none. Damaged files stay for inspection.
 * @param onDamaged told of each newer file that is passed over, and why.
 */
export async function latestCheckpoint(
  folder: string,
  onDamaged?: (why: string) => void,
): Promise<Checkpoint | undefined> {
  for (const { step, file } of await stepsIn(folder)) {
    try {
      const { tensors, metadata } = await readSafetensors(file, { checksum: true });
      return { step, tensors, state: metadata };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      onDamaged?.(error.message);
    }
  }
  return undefined;
}
