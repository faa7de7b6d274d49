import { readdir, readFile } from 'node:fs/promises';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
}

async function commandOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').filter((part) => part !== '');
}

async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = /^PPid:\s+(\d+)/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** The trainers that run from a folder of extensions, whoever is their parent by now. */
export async function trainers(extensions: string): Promise<Process[]> {
  const found: Process[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const command = await commandOf(pid);
    const isTrainer = command.some((part) => part.startsWith(extensions) && part.endsWith('trainer.js'));
    const parent = await parentOf(pid);
    if (isTrainer && command.includes('train') && parent !== undefined) found.push({ pid, parent, command });
  }
  return found;
}
