import { createHash } from 'node:crypto';
import { UserError } from '../../protocol/errors';
import type { DatasetConfig } from './config';
import { decodeImage, ImageError, type ImageInfo, imageInfo } from './image-decode';
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

/** Decodes images to one common size. Those that cannot be read are skipped, counted and named. */
export async function buildImages(
  rows: readonly ImageRow[],
  config: DatasetConfig,
  context: ReadContext,
): Promise<Built> {
  const infos = await forEachImage(rows, context, (row) =>
    imageInfo(row.path, row.bytes, (content) => {
      const digest = createHash('sha256').update(content).digest('hex');
      context.digests.set(row.name, { digest, bytes: content.length });
    }),
  );
  const seen = infos.filter((info) => info !== undefined);
  const size = config.image?.size ?? commonSize(seen);
  const channels = config.image?.channels ?? (seen.every((info) => info.grey) ? 1 : 3);
  const readable = rows.filter((_, i) => infos[i] !== undefined);
  const stride = size * size * channels;
  if (readable.length * stride > largestBlock) {
    const message = `${readable.length} images of ${size} x ${size} need more than 4 GiB; set a smaller "image": {"size": …} in infonce.json`;
    throw new UserError('too-many-pixels', message);
  }
  const pixels = await forEachImage(readable, context, (row) =>
    decodeImage(row.path, row.bytes, size, channels),
  );
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
  read: (row: ImageRow) => Promise<T>,
): Promise<(T | undefined)[]> {
  const results = new Array<T | undefined>(rows.length);
  const failures: { row: ImageRow; index: number; reason: string }[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < rows.length; index = next++) {
      context.signal?.throwIfAborted();
      const row = rows[index] as ImageRow;
      try {
        results[index] = await read(row);
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

/** The median of the shorter sides, as a multiple of 4 between 16 and 64. */
function commonSize(infos: readonly ImageInfo[]): number {
  const sides = infos.map((info) => Math.min(info.width, info.height)).sort((a, b) => a - b);
  const median = sides[sides.length >> 1] ?? 16;
  return Math.min(64, Math.max(16, Math.round(median / 4) * 4));
}
