import { shownName } from '../../protocol/names';
import type { RunHead } from '../../protocol/panel';

function isToday(at: Date): boolean {
  return at.toDateString() === new Date().toDateString();
}

function dayOf(at: Date): string {
  return at.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}

/** `23:03` of today, else `23 Nov`; undefined before there is a run. */
export function beginning({ record }: RunHead): string | undefined {
  if (record === undefined) return undefined;
  const at = new Date(record.createdAt);
  return isToday(at) ? at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }) : dayOf(at);
}

/** What a run is called on a tab, where there is nothing beside it: of those without a name, when they began tells them apart. */
export function tabName(head: RunHead): string {
  const name = shownName(head);
  if (head.record === undefined || head.name !== head.run) return name;
  const at = new Date(head.record.createdAt);
  const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return `${name} · ${isToday(at) ? '' : `${dayOf(at)} `}${time}`;
}
