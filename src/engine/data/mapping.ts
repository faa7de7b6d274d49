import type { ColumnMapping, Layout } from '../../protocol/dataset';
import { type DatasetConfig, namedColumns } from './config';
import { contentRules, nameRules, type Rule } from './mapping-rules';
import { Picker } from './picker';
import { type Profile, profileColumn } from './profile';
import type { Cell } from './table';

/** What the columns of a table are for. */
export interface Mapping {
  readonly layout: Layout;
  readonly columns: ColumnMapping;
  /** 2: every role follows from a name (or from the config), 1: content decided. */
  readonly confidence: 1 | 2;
  /** What the user should know about the choice. */
  readonly notes: readonly { severity: 'warning' | 'info'; code: string; message: string }[];
}

export interface MappingFailure {
  readonly code: 'no-usable-column' | 'ambiguous-columns' | 'unknown-column' | 'column-twice';
  /** One line that lists the columns and says what to write. */
  readonly message: string;
}

/**
 * Maps columns to roles: first by the config, then by name confirmed by content, then by content alone. Never by position:
 * where neither says enough, the answer is a failure that shows what to write into `infonce.json`.
 */
export function mapColumns(
  columns: readonly string[],
  sample: readonly (readonly Cell[])[],
  config: DatasetConfig,
): Mapping | MappingFailure {
  const profiles = columns.map((name, i) => profileColumn(name, sample, i));
  const forced = config.columns ?? {};
  for (const name of namedColumns(forced).flatMap(([, names]) => names)) {
    if (!columns.includes(name)) {
      const message = `infonce.json names the column "${name}", which is not there; the columns are ${columns.map((c) => `"${c}"`).join(', ')}`;
      return { code: 'unknown-column', message };
    }
  }
  const roles = new Map<string, string>();
  for (const [role, names] of namedColumns(forced)) {
    for (const name of [names].flat()) {
      const other = roles.get(name);
      if (other !== undefined) {
        const message = `infonce.json gives the column "${name}" two roles, ${other} and ${role}: a column has one`;
        return { code: 'column-twice', message };
      }
      roles.set(name, role);
    }
  }
  const fits = (mapping: Mapping | undefined): mapping is Mapping =>
    mapping !== undefined &&
    (config.layout === undefined || config.layout === mapping.layout) &&
    namedColumns(forced).every(([role, names]) => sameColumn(mapping.columns[role], names));
  const apply = (rule: Rule): Mapping | undefined =>
    narrow(rule(new Picker(profiles, forced)), config.layout);
  for (const rule of [...nameRules, ...contentRules]) {
    const mapping = apply(rule);
    if (fits(mapping)) return mapping;
  }
  if (sample.length === 0) {
    const names = columns.slice(0, 4).map((name) => `"${name}"`);
    const message = `it has columns (${names.join(', ')}${columns.length > 4 ? ', …' : ''}) but no rows`;
    return { code: 'no-usable-column', message };
  }
  return failure(profiles, config);
}

/** A layout asked for that needs less than was found: the role it does not have is dropped. */
function narrow(mapping: Mapping | undefined, wanted: Layout | undefined): Mapping | undefined {
  if (mapping === undefined || wanted === undefined) return mapping;
  const { label: _label, negatives: _negatives, score: _score, ...rest } = mapping.columns;
  const same = (layout: Layout, columns: ColumnMapping): Mapping => ({ ...mapping, layout, columns });
  const from = `${mapping.layout} -> ${wanted}`;
  if (from === 'labelled-vectors -> vectors' || from === 'labelled-images -> images')
    return same(wanted, rest);
  if (from === 'triplets -> pairs' || from === 'scored-pairs -> pairs') return same(wanted, rest);
  return mapping;
}

function sameColumn(
  mapped: string | readonly string[] | undefined,
  wanted: string | readonly string[],
): boolean {
  return JSON.stringify(mapped) === JSON.stringify(wanted);
}

function failure(profiles: readonly Profile[], config: DatasetConfig): MappingFailure {
  const usable = profiles.filter((profile) => profile.content !== 'empty');
  const seen = usable
    .slice(0, 12)
    .map((profile) => `"${profile.name}" (${profile.content}, as "${profile.example}")`)
    .join(', ');
  const more = usable.length > 12 ? ` and ${usable.length - 12} more` : '';
  const [a = '…', b = '…'] = usable.map((profile) => profile.name);
  const wanted =
    config.layout === undefined ? 'what the columns are for' : `columns for the layout ${config.layout}`;
  const numbers = usable.filter((profile) => profile.content === 'number').map((profile) => profile.name);
  const ways = [
    { columns: { anchor: a, positive: b } },
    numbers.length > 0
      ? { columns: { vector: numbers.slice(0, 3), label: a } }
      : { columns: { text: a, label: b } },
  ].map((way) => JSON.stringify(way));
  if (usable.length < 2) {
    const message = `one usable column is not enough: ${seen || 'all are empty'}; pairs of texts, texts or numbers with labels, or users and items are needed`;
    return { code: 'no-usable-column', message };
  }
  const message = `cannot tell ${wanted}: ${seen}${more}; write it into infonce.json in the folder, for example ${ways.join(' or ')}`;
  return { code: 'ambiguous-columns', message };
}
