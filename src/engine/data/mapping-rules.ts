import type { ColumnMapping, Layout } from '../../protocol/dataset';
import type { Mapping } from './mapping';
import { rolesOf } from './names';
import { isClasses, isIndex, isNumeric, isTextual, type Picker } from './picker';
import type { Profile } from './profile';

export type Rule = (pick: Picker) => Mapping | undefined;
type Note = Mapping['notes'][number];

/** Undefined entries are dropped: absent and undefined must look the same in the report. */
function mapping(
  layout: Layout,
  confidence: 1 | 2,
  columns: { [K in keyof ColumnMapping]: ColumnMapping[K] | undefined },
  notes: readonly (Note | undefined)[] = [],
): Mapping {
  const given = Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined && value.length > 0),
  );
  return { layout, confidence, columns: given, notes: notes.filter((note) => note !== undefined) };
}

function guessed(what: string): Note {
  const message = `the column names do not say it, the contents do: ${what}; write "columns" into infonce.json if this is wrong`;
  return { severity: 'warning', code: 'guessed-columns', message };
}

const isId = (p: Profile): boolean => isTextual(p) || isNumeric(p);

const interactions: Rule = (pick) => {
  const user = pick.take('user', isId);
  const item = pick.take('item', isId);
  if (user === undefined || item === undefined) return undefined;
  const time = pick.take('time', (p) => p.content === 'number' || p.content === 'date');
  const columns = { user: user.name, item: item.name, time: time?.name, split: pick.split()?.name };
  return mapping('interactions', 2, columns, [leftOut(pick)]);
};

/** `target` with few values is a class, not a text. */
const isPositive = (p: Profile): boolean =>
  isTextual(p) && !(rolesOf(p.name).includes('label') && p.content === 'category');

const pairs: Rule = (pick) => {
  const anchor = pick.take('anchor', isTextual);
  let positive = pick.take('positive', isPositive);
  if (anchor === undefined) return undefined;
  let note: Note | undefined;
  const free = pick.rest().filter((p) => p.content === 'text');
  if (positive === undefined && free.length === 1) {
    positive = pick.claim(free[0]);
    note = guessed(`"${anchor.name}" was taken as anchor, "${positive?.name}" as positive`);
  }
  return positive === undefined ? undefined : withPartners(pick, anchor, positive, note);
};

function withPartners(pick: Picker, anchor: Profile, positive: Profile, note: Note | undefined): Mapping {
  const negatives = pick.negatives();
  const confidence = note === undefined ? 2 : 1;
  const split = pick.split()?.name;
  const columns = { anchor: anchor.name, positive: positive.name, split };
  if (negatives.length > 0)
    return mapping('triplets', confidence, { ...columns, negatives }, [note, leftOut(pick)]);
  const score =
    pick.take('score', isNumeric) ?? pick.claim(pick.named('label').find((p) => isNumeric(p) && p.repeats));
  if (score !== undefined) {
    return mapping('scored-pairs', confidence, { ...columns, score: score.name }, [note, leftOut(pick)]);
  }
  const label = pick.named('label').find(isClasses);
  const unused: Note | undefined = label && {
    severity: 'warning',
    code: 'label-not-used',
    message: `every row is taken as a positive pair; the column "${label.name}" (as "${label.example}") is not used: if it says which pairs belong together, turn it into a number and call it score`,
  };
  return mapping('pairs', confidence, columns, [note, unused, leftOut(pick)]);
}

const manifest: Rule = (pick) => {
  const image =
    pick.take('image', (p) => p.content === 'path') ??
    pick.claim(pick.rest().find((p) => p.content === 'path'));
  if (image === undefined) return undefined;
  const label = pick.take('label', isClasses);
  const columns = { image: image.name, label: label?.name, split: pick.split()?.name };
  return mapping(label === undefined ? 'images' : 'labelled-images', 2, columns, [leftOut(pick)]);
};

const vectorLists: Rule = (pick) => {
  if (pick.forced.vector !== undefined) return undefined;
  const lists = pick.rest().filter((p) => p.content === 'vector');
  const vector =
    pick.named('vector').find((p) => p.content === 'vector') ?? (lists.length === 1 ? lists[0] : undefined);
  if (vector === undefined) return undefined;
  pick.claim(vector);
  const label = pick.take('label', isClasses);
  const columns = { vector: [vector.name], label: label?.name, split: pick.split()?.name };
  return mapping(label === undefined ? 'vectors' : 'labelled-vectors', 2, columns, [leftOut(pick)]);
};

const labelledTexts: Rule = (pick) => {
  const split = pick.split();
  const label = pick.take('label', (p) => isClasses(p) && p.content !== 'text');
  const named = pick.take('text', (p) => isTextual(p) && !isClasses(p)) ?? pick.take('text', isTextual);
  const free = pick.rest().filter((p) => p.content === 'text');
  const text = named ?? (free.length === 1 ? pick.claim(free[0]) : undefined);
  if (label === undefined || text === undefined) return undefined;
  const note = named === undefined ? guessed(`"${text.name}" was taken as text`) : undefined;
  const columns = { text: text.name, label: label.name, split: split?.name };
  return mapping('labelled-texts', named === undefined ? 1 : 2, columns, [note, leftOut(pick)]);
};

const vectors: Rule = (pick) => {
  const split = pick.split();
  const named = pick.take('label', isClasses);
  const rest = pick.rest();
  if (pick.forced.vector === undefined && rest.some((p) => p.content === 'text')) return undefined;
  const numbers = rest.filter((p) => isNumeric(p) && !rolesOf(p.name).includes('time'));
  const vector = pick.forced.vector ?? numbers.map((p) => p.name);
  if (vector.length < 2 && pick.forced.vector === undefined) return undefined;
  for (const profile of numbers) pick.claim(profile);
  const categories = pick.rest().filter((p) => p.content === 'category' && isClasses(p));
  if (named === undefined && categories.length > 1) return undefined;
  const label = named ?? pick.claim(categories[0]);
  const note =
    named === undefined && label !== undefined ? guessed(`"${label.name}" was taken as label`) : undefined;
  const columns = { vector, label: label?.name, split: split?.name };
  const layout = label === undefined ? 'vectors' : 'labelled-vectors';
  return mapping(layout, named === undefined ? 1 : 2, columns, [note, leftOut(pick)]);
};

const twoTexts: Rule = (pick) => {
  const split = pick.split();
  const free = pick.rest().filter((p) => p.content === 'text');
  const [first, second] = free;
  if (free.length !== 2 || first === undefined || second === undefined) return undefined;
  for (const profile of free) pick.claim(profile);
  const note = guessed(`"${first.name}" was taken as anchor, "${second.name}" as positive`);
  const columns = { anchor: first.name, positive: second.name, split: split?.name };
  return mapping('pairs', 1, columns, [note, leftOut(pick)]);
};

const textAndClasses: Rule = (pick) => {
  const split = pick.split();
  const rest = pick.rest();
  const free = rest.filter((p) => p.content === 'text');
  const categories = rest.filter((p) => p.content === 'category' && isClasses(p));
  const codes = rest.filter((p) => isNumeric(p) && isClasses(p) && p.distinct <= 100);
  const classes = categories.length > 0 ? categories : codes;
  const [text, label] = [free[0], classes[0]];
  if (free.length !== 1 || classes.length !== 1 || text === undefined || label === undefined)
    return undefined;
  for (const profile of [text, label]) pick.claim(profile);
  const note = guessed(`"${text.name}" was taken as text, "${label.name}" as label`);
  const columns = { text: text.name, label: label.name, split: split?.name };
  return mapping('labelled-texts', 1, columns, [note, leftOut(pick)]);
};

function leftOut(pick: Picker): Note | undefined {
  const unused = pick.profiles.filter((p) => pick.rest().includes(p) || (isIndex(p) && !pick.isTaken(p)));
  if (unused.length === 0) return undefined;
  const names = unused
    .slice(0, 10)
    .map((p) => `"${p.name}"`)
    .join(', ');
  const message = `columns that are not used: ${names}${unused.length > 10 ? ` and ${unused.length - 10} more` : ''}`;
  return { severity: 'info', code: 'left-out-columns', message };
}

/** Rules that need names, in the order in which they are tried; the first that fits decides. */
export const nameRules: readonly Rule[] = [
  interactions,
  pairs,
  manifest,
  vectorLists,
  labelledTexts,
  vectors,
];
/** Rules on content alone. */
export const contentRules: readonly Rule[] = [textAndClasses, twoTexts];
