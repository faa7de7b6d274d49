import { type FileHandle, open } from 'node:fs/promises';
import { fileError, isMissing } from './files';

/** About 1,300 rows: parsed in a few milliseconds, after which others have their turn. */
const pieceBytes = 128 * 1024;
/** No row of ours is longer. What is, is passed over, so that a file without line breaks fills no memory. */
const longestLine = 1024 * 1024;

/** Reads what is appended to a log, from where it stopped the last time. No handle stays open in between. */
export class LogTail {
  #offset = 0;
  #inode: number | undefined;
  /** The beginning of a line whose end is not written yet. */
  #torn: Buffer = Buffer.alloc(0);
  /** That line is too long already. */
  #passedOver = false;

  constructor(private readonly file: string) {}

  /** Starts again at the first line. */
  rewind(): void {
    this.#offset = 0;
    this.#inode = undefined;
    this.#torn = Buffer.alloc(0);
    this.#passedOver = false;
  }

  /**
   * The whole lines that came since, some at a time; other work goes on between the pieces. No file has no lines.
   * @param onReplaced told where the file is not the one read before, or was cut; reading then begins at its start.
   * @throws UserError where the file cannot be read.
   */
  async *pieces(onReplaced: () => void): AsyncGenerator<readonly string[]> {
    let handle: FileHandle;
    try {
      handle = await open(this.file, 'r');
    } catch (error) {
      if (isMissing(error)) return;
      throw fileError(error, 'read', this.file);
    }
    try {
      const { ino, size } = await handle.stat();
      if ((this.#inode !== undefined && ino !== this.#inode) || size < this.#offset) {
        this.rewind();
        onReplaced();
      }
      this.#inode = ino;
      const buffer = Buffer.alloc(Math.min(pieceBytes, Math.max(1, size - this.#offset)));
      for (;;) {
        const { bytesRead } = await handle
          .read(buffer, 0, buffer.length, this.#offset)
          .catch((error: unknown) => {
            throw fileError(error, 'read', this.file);
          });
        if (bytesRead === 0) return;
        this.#offset += bytesRead;
        const lines = this.#split(buffer.subarray(0, bytesRead));
        if (lines.length > 0) yield lines;
      }
    } finally {
      await handle.close();
    }
  }

  #split(bytes: Buffer): readonly string[] {
    const end = bytes.lastIndexOf(10);
    if (end < 0) {
      this.#passedOver ||= this.#torn.length + bytes.length > longestLine;
      this.#torn = this.#passedOver ? Buffer.alloc(0) : Buffer.concat([this.#torn, bytes]);
      return [];
    }
    const lines = Buffer.concat([this.#torn, bytes.subarray(0, end)])
      .toString('utf8')
      .split('\n');
    // Copied: the buffer is read into again.
    this.#torn = Buffer.from(bytes.subarray(end + 1));
    const rest = this.#passedOver ? lines.slice(1) : lines;
    this.#passedOver = false;
    return rest;
  }
}
