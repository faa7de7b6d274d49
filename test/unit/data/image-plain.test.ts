import sharp, { type PngOptions, type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePlain } from '../../../src/engine/data/image-plain';

const side = 12;

function image(channels: 1 | 2 | 3 | 4): Sharp {
  const values = Buffer.from(
    Array.from({ length: side * side * channels }, (_, i) => (i * i * 31 + i) % 256),
  );
  const raw = sharp(values, { raw: { width: side, height: side, channels } });
  return channels < 3 ? raw.toColourspace('b-w') : raw;
}

const png = (channels: 1 | 2 | 3 | 4, options: PngOptions = {}): Promise<Buffer> =>
  image(channels).png(options).toBuffer();

/** With a chunk after the header, as a writer of metadata would put it. */
function withChunk(file: Buffer, type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc(body), 4);
  const header = 8 + 25;
  const chunk = [frame.subarray(0, 4), body, frame.subarray(4)];
  return Buffer.concat([file.subarray(0, header), ...chunk, file.subarray(header)]);
}

function crc(data: Buffer): number {
  let value = -1;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ -1) >>> 0;
}

/** What libvips makes of a file: its own pixels. */
const byLibvips = async (file: Buffer, channels: number): Promise<Uint8Array> =>
  Uint8Array.from(
    await sharp(file, { failOn: 'error' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer(),
  );

describe('a plain PNG', () => {
  it.each([
    ['grey', png(1)],
    ['RGB', png(3)],
    ['interlaced', png(3, { progressive: true })],
    ['with every filter', png(3, { adaptiveFiltering: true })],
    ['not compressed', png(1, { compressionLevel: 0 })],
    ['with a gamma', png(1).then((file) => withChunk(file, 'gAMA', Buffer.from([0, 0, 177, 143])))],
    ['with a density', png(3).then((file) => withChunk(file, 'pHYs', Buffer.alloc(9, 1)))],
  ])('%s has the pixels that libvips reads', async (_, file) => {
    const plain = decodePlain(await file);
    expect(plain).toMatchObject({ width: side, height: side });
    expect(plain?.pixels).toEqual(await byLibvips(await file, plain?.channels ?? 0));
  });
});

describe('left to libvips:', () => {
  it.each([
    ['alpha', png(4)],
    ['grey and alpha', png(2)],
    ['a palette', png(3, { palette: true, colours: 8 })],
    ['16 bits', image(3).toColourspace('rgb16').png().toBuffer()],
    ['1 bit', image(1).threshold().png({ palette: true, colours: 2 }).toBuffer()],
    ['a transparent colour', png(1).then((file) => withChunk(file, 'tRNS', Buffer.from([0, 0])))],
    ['a colour profile', image(3).withIccProfile('p3').png().toBuffer()],
    ['an orientation', image(3).withMetadata({ orientation: 6 }).png().toBuffer()],
    [
      'a large picture',
      sharp({ create: { width: 300, height: 4, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    ],
    ['a JPEG', image(3).jpeg().toBuffer()],
    ['a file cut short', png(3).then((file) => file.subarray(0, file.length - 30))],
    ['a file without an end', png(3).then((file) => file.subarray(0, file.length - 12))],
    ['bytes after the end', png(3).then((file) => Buffer.concat([file, Buffer.from('more')]))],
    ['nothing', Promise.resolve(Buffer.alloc(0))],
  ])('%s', async (_, file) => {
    expect(decodePlain(await file)).toBeUndefined();
  });

  it('any file in which a byte of the pixels is wrong', async () => {
    const file = await png(3);
    const start = file.indexOf('IDAT');
    for (let at = start + 4; at < start + 40; at++) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      expect(decodePlain(damaged), `byte ${at}`).toBeUndefined();
    }
  });
});
