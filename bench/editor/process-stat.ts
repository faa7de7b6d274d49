import { readFile } from 'node:fs/promises';

/** Of Linux on every machine of today. */
const ticksPerSecond = 100;
/** Places behind the name in `/proc/PID/stat` (proc(5), fields 14, 15 and 22), in ticks. */
const userField = 11;
const systemField = 12;
const startField = 19;

async function fieldsOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

/** When a process was started, in milliseconds since 1970 (Linux; to a hundredth of a second). */
export async function processStart(pid: number): Promise<number> {
  const start = (await fieldsOf(pid))[startField] ?? Number.NaN;
  const [uptime = ''] = (await readFile('/proc/uptime', 'utf8')).split(' ');
  const age = Number(uptime) - start / ticksPerSecond;
  return Date.now() - 1000 * age;
}

/** Milliseconds that a process has computed so far, all its threads together (Linux; to a hundredth of a second). */
export async function computingTime(pid: number): Promise<number> {
  const fields = await fieldsOf(pid);
  return (1000 * ((fields[userField] ?? Number.NaN) + (fields[systemField] ?? Number.NaN))) / ticksPerSecond;
}
