import { type ColumnsConfig, namedColumns } from './config';
import { columnsFor, type Role, rolesOf } from './names';
import type { Profile } from './profile';

export const isTextual = (p: Profile): boolean =>
  p.content === 'text' || p.content === 'category' || p.content === 'id';
export const isNumeric = (p: Profile): boolean => p.content === 'number';
/** Some value occurs again and there are clearly fewer values than rows: it can name classes. */
export const isClasses = (p: Profile): boolean =>
  (isTextual(p) || isNumeric(p)) && p.repeats && p.distinct <= Math.max(2, 0.5 * p.filled);

/** Takes columns for roles, each column once; what the config says comes before any name. */
export class Picker {
  private readonly taken = new Set<string>();

  constructor(
    readonly profiles: readonly Profile[],
    readonly forced: ColumnsConfig,
  ) {
    for (const [, names] of namedColumns(forced)) for (const name of [names].flat()) this.taken.add(name);
  }

  /** The column the config gives to a role, else the one with the most telling name whose content agrees. */
  take(
    role: Exclude<Role, 'negative' | 'index' | 'vector'>,
    agrees: (profile: Profile) => boolean,
  ): Profile | undefined {
    const given = this.forced[role];
    if (given !== undefined) return this.profiles.find((profile) => profile.name === given);
    return this.claim(this.named(role).find(agrees));
  }

  negatives(): string[] {
    if (this.forced.negatives !== undefined) return [...this.forced.negatives];
    const found = this.named('negative').filter((p) => isTextual(p));
    for (const profile of found) this.taken.add(profile.name);
    return found.map((profile) => profile.name).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  /** The split column: by name, and only where its values are names of splits is decided by the reader. */
  split(): Profile | undefined {
    return this.take('split', (p) => p.content === 'category' && p.distinct <= 4);
  }

  /** Free columns whose name can mean `role`. */
  named(role: Role): Profile[] {
    const free = this.free();
    return columnsFor(
      role,
      free.map((profile) => profile.name),
    ).map((name) => free.find((profile) => profile.name === name) as Profile);
  }

  /** Columns without a role, row indices left out. */
  rest(): Profile[] {
    return this.free().filter((p) => p.content !== 'empty' && !isIndex(p));
  }

  isTaken(profile: Profile): boolean {
    return this.taken.has(profile.name);
  }

  claim(profile: Profile | undefined): Profile | undefined {
    if (profile !== undefined) this.taken.add(profile.name);
    return profile;
  }

  private free(): Profile[] {
    return this.profiles.filter((profile) => !this.taken.has(profile.name));
  }
}

/** A row number or a key: it says nothing about the row. */
export function isIndex(profile: Profile): boolean {
  if (profile.content === 'number' && profile.counting && profile.filled >= 8) return true;
  return rolesOf(profile.name).includes('index') && !profile.repeats && profile.content !== 'text';
}
