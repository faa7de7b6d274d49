import { createHash } from 'node:crypto';
import { UserError } from '../../protocol/errors';
import type { DatasetConfig } from './config';
import { ImageError, ImageFile, type ImageForm, type ImageInfo } from './image-decode';
import { LabelSet } from './interner';
import { countOf, someOf } from './profile';
import type { Built, Origin } from './raw';
import { RowColumns } from './row-columns';
import type { ReadContext } from './table';

/** An image to be read, and what is known about it. */
export interface ImageRow {
  /** Absolute path. */
  readonly path: string;
  /** Relative to the root, with `/`. */
  readonly name: string;
  readonly bytes: number;
  /** '' where there is none. */
  readonly label: string;
  readonly origin: Origin;
  readonly line: number;
}

/** Images decoded at once: enough to keep the cores busy, few enough to bound memory. */
const atOnce = 8;
/** Largest block of pixels; a folder above it needs a smaller `image.size`. */
const largestBlock = 4 * 1024 ** 3;

/** The first images, from which the form of all is guessed. */
const guessFrom = 16;

/** Decodes images to one common size. Those that cannot be read are skipped, counted and named. */
export async function buildImages(
  rows: readonly ImageRow[],
  config: DatasetConfig,
  context: ReadContext,
): Promise<Built> {
  const first = await Promise.all(rows.slice(0, guessFrom).map(measure));
  const guess = commonForm(
    first.filter((info) => info !== undefined),
    config,
  );
  // Most folders hold images of one form: they are read and decoded in one go, on the chance that the guess is right.
  const looks = await forEachImage(rows, context, async (row) => {
    const file = await ImageFile.read(row.path, row.bytes);
    const digest = createHash('sha256').update(file.content).digest('hex');
    context.digests.set(row.name, { digest, bytes: file.content.length });
    return { info: await file.info(), pixels: await file.decode(guess).catch(asFailure) };
  });
  const form = commonForm(
    looks.flatMap((look) => (look === undefined ? [] : [look.info])),
    config,
  );
  const { size, channels } = form;
  const right = size === guess.size && channels === guess.channels;
  const readable = rows.filter((_, i) => looks[i] !== undefined);
  const early = looks.flatMap((look) => (look === undefined ? [] : [look.pixels]));
  const stride = size * size * channels;
  if (readable.length * stride > largestBlock) {
    const message = `${readable.length} images of ${size} x ${size} need more than 4 GiB; set a smaller "image": {"size": …} in infonce.json`;
    throw new UserError('too-many-pixels', message);
  }
  const pixels = await forEachImage(readable, context, async (row, i) => {
    const decoded = right ? (early[i] as Uint8Array | ImageError) : await decodeAnew(row, form);
    if (decoded instanceof ImageError) throw decoded;
    return decoded;
  });
  const kept = readable.filter((_, i) => pixels[i] !== undefined);
  if (kept.length === 0) {
    const [first] = rows;
    const why = context.log.list().find(({ code }) => code === 'unreadable-image')?.message;
    const message = `not one of ${rows.length} images can be read: ${why}`;
    throw new UserError('unreadable-images', message, first === undefined ? {} : { file: first.name });
  }
  const data = new Uint8Array(kept.length * stride);
  let at = 0;
  for (const image of pixels) {
    if (image === undefined) continue;
    data.set(image, at);
    at += stride;
  }
  return assemble(kept, { data, size, channels });
}

function assemble(kept: readonly ImageRow[], pixels: NonNullable<Built['items']['pixels']>): Built {
  const labels = new LabelSet();
  const columns = new RowColumns();
  const label = Int32Array.from(kept, (row) => (row.label === '' ? -1 : labels.add(row.label)));
  kept.forEach((row, i) => columns.add(i, row.origin, row.line));
  const rows = columns.finish('members');
  return {
    layout: labels.names.length === 0 ? 'images' : 'labelled-images',
    labels: labels.names,
    items: {
      kind: 'image',
      count: kept.length,
      content: kept.map((row) => row.name),
      pixels,
      label,
      file: rows.file,
      line: rows.line,
    },
    rows,
  };
}

/** Runs `read` over all images, a few at once, results in order; undefined where an image had to be skipped. */
async function forEachImage<T>(
  rows: readonly ImageRow[],
  context: ReadContext,
  read: (row: ImageRow, index: number) => Promise<T>,
): Promise<(T | undefined)[]> {
  const results = new Array<T | undefined>(rows.length);
  const failures: { row: ImageRow; index: number; reason: string }[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < rows.length; index = next++) {
      context.signal?.throwIfAborted();
      const row = rows[index] as ImageRow;
      try {
        results[index] = await read(row, index);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (!(error instanceof ImageError) && code === undefined) throw error;
        failures.push({ row, index, reason: message });
      }
      context.advance(1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  failures.sort((a, b) => a.index - b.index);
  for (const reason of new Set(failures.map((failure) => failure.reason))) {
    const failed = failures.filter((failure) => failure.reason === reason).map((failure) => failure.row);
    const named = failed.map(({ name, line, origin }) =>
      line > 0 ? `${name} (${origin.name}:${line})` : name,
    );
    const message = `${countOf(failed.length, 'image')} skipped as unreadable (${reason}): ${someOf(named)}`;
    const row = failed[0] as ImageRow;
    const place = row.line > 0 ? { file: row.origin.name, line: row.line } : { file: row.name };
    context.log.add('warning', 'unreadable-image', message, { ...place, key: reason, count: failed.length });
  }
  return results;
}

/** Undefined for an image that cannot be measured: its reading proper says why. */
async function measure({ path, bytes }: ImageRow): Promise<ImageInfo | undefined> {
  return await ImageFile.read(path, bytes)
    .then((file) => file.info())
    .catch(() => undefined);
}

async function decodeAnew({ path, bytes }: ImageRow, form: ImageForm): Promise<Uint8Array> {
  return await (await ImageFile.read(path, bytes)).decode(form);
}

/** A picture that does not decode is told of later, in its place; everything else is no matter of pictures. */
function asFailure(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  throw error;
}

/** The size is the median of the shorter sides, as a multiple of 4 between 16 and 64; colour where any image has it. */
function commonForm(infos: readonly ImageInfo[], { image }: DatasetConfig): ImageForm {
  const sides = infos.map((info) => Math.min(info.width, info.height)).sort((a, b) => a - b);
  const median = sides[sides.length >> 1] ?? 16;
  return {
    size: image?.size ?? Math.min(64, Math.max(16, Math.round(median / 4) * 4)),
    channels: image?.channels ?? (infos.every((info) => info.grey) ? 1 : 3),
  };
}
