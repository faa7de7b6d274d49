import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { decodePlain, type PlainImage } from './image-plain';

// Every file is decoded once: libvips' cache of operations costs time and gives none.
sharp.cache(false);

/** Larger files are skipped: no training image needs more. */
const largestFile = 128 * 1024 * 1024;
const smallFile = 64 * 1024;
/** Larger pictures are skipped before they are decoded (a PNG of 1 KB can hold 3.6 billion pixels). */
const largestPixels = 100_000_000;

export interface ImageInfo {
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
}

/** The one form that all images of a dataset are brought into. */
export interface ImageForm {
  readonly size: number;
  readonly channels: 1 | 3;
}

/** A picture that cannot be used; the message says why. */
export class ImageError extends Error {}

/** Reads an image file after looking at its first bytes: nothing but PNG, JPEG and WebP ever reaches a decoder. */
async function imageBytes(file: string, bytes: number): Promise<Buffer> {
  if (bytes > largestFile) throw new ImageError(`it is larger than ${largestFile / 2 ** 20} MiB`);
  // A small file is read sooner than a thread can be asked to.
  const buffer = bytes <= smallFile ? readFileSync(file) : await readFile(file);
  const start = buffer.toString('latin1', 0, 12);
  const known =
    start.startsWith('\x89PNG\r\n\x1a\n') ||
    start.startsWith('\xff\xd8\xff') ||
    (start.startsWith('RIFF') && start.endsWith('WEBP'));
  if (!known) throw new ImageError('its contents are not PNG, JPEG or WebP');
  return buffer;
}

function open(buffer: Buffer): Sharp {
  return sharp(buffer, { failOn: 'error', limitInputPixels: largestPixels, sequentialRead: true });
}

/** An image file in memory, known to be PNG, JPEG or WebP. */
export class ImageFile {
  private readonly plain: PlainImage | undefined;

  private constructor(readonly content: Buffer) {
    this.plain = decodePlain(content);
  }

  /** @throws ImageError */
  static async read(file: string, bytes: number): Promise<ImageFile> {
    return new ImageFile(await imageBytes(file, bytes));
  }

  /** Size and kind from the header alone. @throws ImageError */
  async info(): Promise<ImageInfo> {
    if (this.plain !== undefined) {
      const { width, height, channels } = this.plain;
      return { width, height, grey: channels === 1 };
    }
    try {
      // The header alone is read, so a picture too large to decode can still be measured.
      const { width, height, channels, space, autoOrient } = await sharp(this.content, {
        limitInputPixels: false,
      }).metadata();
      if (width * height > largestPixels) {
        throw new ImageError(`it has ${width} x ${height} pixels, more than ${largestPixels / 1e6} million`);
      }
      const grey = space === 'b-w' || space === 'grey16' || channels <= 2;
      return { width: autoOrient?.width ?? width, height: autoOrient?.height ?? height, grey };
    } catch (error) {
      throw asImageError(error);
    }
  }

  /**
   * Upright, alpha laid on white, squeezed to `size` x `size`: `[size, size, channels]`, 0..255.
   *
   * @throws ImageError for truncated and broken files
   */
  async decode({ size, channels }: ImageForm): Promise<Uint8Array> {
    const { plain } = this;
    if (plain?.width === size && plain.height === size && plain.channels === channels) return plain.pixels;
    try {
      const { data, info } = await open(this.content)
        .autoOrient()
        .flatten({ background: '#ffffff' })
        .resize(size, size, { fit: 'fill' })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== channels)
        throw new ImageError(`it decodes to ${info.channels} channels instead of ${channels}`);
      return data;
    } catch (error) {
      throw asImageError(error);
    }
  }
}

function asImageError(error: unknown): ImageError {
  if (error instanceof ImageError) return error;
  // The decoder hands on its whole log, in which one complaint stands several times; the first says what is wrong.
  const [first = ''] = (error as Error).message.trim().split('\n');
  return new ImageError(first.replace(/\s+/g, ' ').replace(/^.*: Vips\w+: |:$/g, ''));
}
