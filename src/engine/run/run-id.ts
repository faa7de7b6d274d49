import { randomBytes } from 'node:crypto';

/** At most 40 letters and digits of any script, joined by `-`; every file system takes such a name. */
function slug(name: string): string {
  const words =
    name
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return Array.from(words.join('-')).slice(0, 40).join('').replace(/-$/, '');
}

/**
 * A folder name that sorts by time: `20261123-193205-a1b2`, or `20261123-193205-a1b2-my-name`. In UTC, so that the
 * order survives time zones and summer time.
 */
export function makeRunId(now: Date, name?: string): string {
  // 2026-11-23T19:32:05.000Z
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const end = name === undefined ? '' : slug(name);
  return [stamp, randomBytes(2).toString('hex'), ...(end === '' ? [] : [end])].join('-');
}
