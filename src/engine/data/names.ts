/** What a column can be for, by its name alone. `index` columns are left out of vectors. */
export type Role =
  | 'anchor'
  | 'positive'
  | 'negative'
  | 'score'
  | 'label'
  | 'text'
  | 'user'
  | 'item'
  | 'time'
  | 'split'
  | 'image'
  | 'vector'
  | 'index';

/** Names as they occur in public data sets, most telling first; compared without case, spaces and punctuation. */
const synonyms: Readonly<Record<Exclude<Role, 'negative'>, string>> = {
  anchor:
    'anchor query question sentence1 text1 premise question1 sentencea texta s1 source src prompt input instruction utterance1 title headline left word term q a',
  positive:
    'positive pos positives answer sentence2 text2 hypothesis question2 sentenceb textb s2 document doc passage context response reply target tgt output completion summary abstract definition translation relevant right description code body',
  score:
    'score similarity sim similarityscore relatedness relatednessscore stsscore goldscore gold rating grade',
  label:
    'labeltext labelname classname label labels class category intent y target topic sentiment emotion tag genre species group domain coarselabel finelabel gold',
  text: 'text sentence content utterance review body message comment tweet document doc passage question query input headline description abstract title prompt',
  user: 'user userid username customer customerid session sessionid member memberid uid visitorid account accountid reviewer reviewerid',
  item: 'item itemid product productid movie movieid asin iid sku article articleid book bookid isbn track trackid song songid artist artistid business businessid',
  time: 'time timestamp date datetime ts createdat unixreviewtime reviewtime start starttime',
  split: 'split set fold subset partition',
  image: 'image imagepath img imgpath imagefile file filename filepath path photo picture',
  vector: 'vector embedding embeddings features emb',
  index: 'index idx id rowid rownumber row unnamed0 no',
};

const byName = new Map<string, Role[]>();
const order = new Map<string, number>();
for (const [role, names] of Object.entries(synonyms) as [Exclude<Role, 'negative'>, string][]) {
  names.split(' ').forEach((name, i) => {
    byName.set(name, [...(byName.get(name) ?? []), role]);
    order.set(`${role} ${name}`, i);
  });
}

const negativeName = /^(hard)?neg(ative)?s?\d*$/;

function normalise(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** All roles a name can stand for. */
export function rolesOf(name: string): readonly Role[] {
  const key = normalise(name);
  if (negativeName.test(key)) return ['negative'];
  // `positive_1`, `pos1`: the first of several.
  return byName.get(key) ?? (/^pos(itive)?s?1?$/.test(key) ? ['positive'] : []);
}

/** The first role of a name; undefined for names that say nothing. */
export function roleOf(name: string): Role | undefined {
  return rolesOf(name)[0];
}

/** Columns that can play `role` by name, the most telling name first. */
export function columnsFor(role: Role, columns: readonly string[]): string[] {
  const rank = (name: string): number => order.get(`${role} ${normalise(name)}`) ?? 0;
  return columns.filter((name) => rolesOf(name).includes(role)).sort((a, b) => rank(a) - rank(b));
}
