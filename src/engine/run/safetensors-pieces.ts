import {
  checksumKey,
  damagedTensors,
  openTensors,
  readExactly,
  readHeader,
  startChecksum,
  withFile,
  wrongChecksum,
} from './safetensors';
import { dtypeBytes } from './safetensors-header';

/** Whoever shares the event loop waits two or three milliseconds for a piece to be made into text. */
const pieceBytes = 64 * 1024;

/** A float32 matrix in a file, which may be larger than the memory. */
export interface StoredMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Whole rows in their order, row-major. @throws UserError `damaged-tensors` where the file has become shorter. */
  readonly pieces: () => AsyncGenerator<Float32Array<ArrayBuffer>>;
}

/** A safetensors file, which may be larger than the memory. */
export interface CheckedFile {
  readonly bytes: number;
  /** @throws UserError `damaged-tensors`, after the last of them, when the checksum is another. */
  readonly pieces: () => AsyncGenerator<Uint8Array>;
}

interface Place {
  readonly file: string;
  /** Where the values begin, in bytes. */
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
}

async function* matrixPieces({ file, start, rows, columns }: Place): ReturnType<StoredMatrix['pieces']> {
  const handle = await openTensors(file);
  try {
    const rowBytes = columns * dtypeBytes.F32;
    const step = Math.max(1, Math.floor(pieceBytes / rowBytes));
    for (let row = 0; row < rows; row += step) {
      const length = Math.min(step, rows - row) * rowBytes;
      yield new Float32Array((await readExactly(handle, start + row * rowBytes, length)).buffer);
    }
  } catch (error) {
    throw damagedTensors(error, file);
  } finally {
    await handle.close();
  }
}

/**
 * Reads nothing but the header.
 * @throws UserError `damaged-tensors` where there is no float32 matrix of that name, or why the file cannot be opened
 */
export async function findMatrix(file: string, name: string): Promise<StoredMatrix> {
  return await withFile(file, async (handle) => {
    const { header, dataStart } = await readHeader(handle);
    const entry = header.tensors.find((tensor) => tensor.name === name);
    const [rows, columns] = entry?.shape ?? [];
    if (entry?.dtype !== 'F32' || entry.shape.length !== 2 || rows === undefined || !columns) {
      throw new Error(`it holds no float32 matrix "${name}"`);
    }
    const place = { file, start: dataStart + entry.start, rows, columns };
    return { rows, columns, pieces: () => matrixPieces(place) };
  });
}

async function* checkedPieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await openTensors(file);
  try {
    const { header, dataStart } = await readHeader(handle);
    yield await readExactly(handle, 0, dataStart);
    const end = dataStart + (header.tensors.at(-1)?.end ?? 0);
    const hash = startChecksum(header);
    for (let start = dataStart; start < end; start += pieceBytes) {
      const bytes = await readExactly(handle, start, Math.min(pieceBytes, end - start));
      hash.update(bytes);
      yield bytes;
    }
    const expected = header.metadata.get(checksumKey);
    if (expected !== undefined && expected !== hash.digest('hex')) throw new Error(wrongChecksum);
  } catch (error) {
    throw damagedTensors(error, file);
  } finally {
    await handle.close();
  }
}

/**
 * Reads nothing but the header.
 * @throws UserError `damaged-tensors` where that is wrong, or why the file cannot be opened
 */
export async function findSafetensors(file: string): Promise<CheckedFile> {
  return await withFile(file, async (handle) => {
    const { header, dataStart } = await readHeader(handle);
    const bytes = dataStart + (header.tensors.at(-1)?.end ?? 0);
    return { bytes, pieces: () => checkedPieces(file) };
  });
}
