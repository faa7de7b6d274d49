import { z } from 'zod';
import { splitNames } from '../../protocol/dataset';
import { UserError } from '../../protocol/errors';
import { mapMethods, pairKinds } from '../../protocol/explore';
import { type PanelRequests, type PanelState, type PanelWishes, viewNames } from '../../protocol/panel';

/** A page shows hostile data, so what it asks for is checked like data. */
const run = z.string().min(1).max(500);
const text = z.string().max(100_000);
const name = z.string().min(1).max(4_096);
const row = z.int().nonnegative();
const at = z.union([row, z.literal('final')]);
const split = z.enum(splitNames);
const query = z.union([z.strictObject({ row }), z.strictObject({ text }), z.strictObject({ image: name })]);
const line = z.int().positive();
const nothing = z.record(z.string(), z.never());

const neighbourRow = z.object({
  row,
  id: text,
  content: z.exactOptional(text),
  label: z.exactOptional(text),
  split: z.exactOptional(split),
  file: z.exactOptional(name),
  line: z.exactOptional(line),
  path: z.exactOptional(name),
  rank: z.int(),
  similarity: z.number(),
  entered: z.exactOptional(z.boolean()),
});

type Schemas<T> = { readonly [K in keyof T]: z.ZodType<T[K]> };
type Params = { [K in keyof PanelRequests]: PanelRequests[K]['params'] };

export const requestSchemas: Schemas<Params> = {
  alive: nothing,
  explore: z.object({ run }),
  neighbours: z.object({
    run,
    query,
    k: z.int().min(1).max(100),
    at,
    label: z.exactOptional(z.union([text, row])),
    split: z.exactOptional(split),
    since: z.exactOptional(z.union([z.strictObject({ at }), z.strictObject({ run })])),
  }),
  pairs: z.object({ run, kind: z.enum(pairKinds), at, limit: z.int().min(1).max(200) }),
  map: z.object({ run, at, method: z.enum(mapMethods), refit: z.exactOptional(z.boolean()) }),
  mapPoints: z.object({ run, map: row, from: row }),
  items: z.object({ run, rows: z.array(row).max(200) }),
  find: z.object({ run, text, limit: z.int().min(1).max(200) }),
  labels: z.object({ run, text, limit: z.int().min(1).max(50) }),
  mark: z.object({ run, first: row, second: row, mark: z.enum(['same', 'different']).nullable() }),
  pickImage: z.object({ run }),
  saveNeighbours: z.object({
    rows: z.array(neighbourRow).max(1_000),
    format: z.enum(['csv', 'jsonl']),
    to: z.enum(['clipboard', 'file']),
  }),
};

const place = { file: z.exactOptional(name), line: z.exactOptional(line) };

export const wishSchemas: Schemas<PanelWishes> = {
  ready: z.object({ protocol: z.int() }),
  reveal: z.object({ run, item: z.object({ ...place, path: z.exactOptional(name) }) }),
  revealProblem: z.object({ run, problem: z.object(place) }),
  stop: z.object({ run }),
  resume: z.object({ run }),
  again: z.object({ run }),
  compareConfigs: z.object({ left: run, right: run }),
  setUpNative: nothing,
  showLog: nothing,
};

/** What is kept of a page over a restart of the editor, as far as the host needs it. */
export const stateSchema: z.ZodType<Pick<PanelState, 'folders' | 'view'>> = z.object({
  folders: z.array(name).max(1_000),
  view: z.enum(viewNames),
});

/** @throws UserError that names what was wrong with it. */
export function checked<T>(what: string, schema: z.ZodType<T>, received: unknown): T {
  const parsed = schema.safeParse(received);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the message';
  throw new UserError(
    'malformed-message',
    `The panel's "${what}" is refused (${where}: ${issue?.message ?? 'malformed'}): close the panel and open it again.`,
  );
}
