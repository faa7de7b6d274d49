import { readFile } from 'node:fs/promises';

/** Of Linux on every machine of today. */
const ticksPerSecond = 100;
/** Place of the start, in ticks since the machine's, behind the name in `/proc/PID/stat` (proc(5), field 22). */
const startField = 19;

/** When a process was started, in milliseconds since 1970 (Linux; to a hundredth of a second). */
export async function processStart(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [uptime = ''] = (await readFile('/proc/uptime', 'utf8')).split(' ');
  const age = Number(uptime) - Number(fields[startField]) / ticksPerSecond;
  return Date.now() - 1000 * age;
}
