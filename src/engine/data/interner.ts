import { UserError } from '../../protocol/errors';
import type { Items } from './dataset';
import { Int32Column } from './growable';

/** JavaScript's maps and sets hold 2^24 entries. */
export const mostDistinct = 2 ** 24 - 1;

export function tooMany(what: string): UserError {
  const message = `more than ${mostDistinct} ${what} do not fit into memory; list fewer files under "files" in infonce.json`;
  return new UserError('too-many-items', message);
}

/** Gives every distinct text a number, in the order of first sight, and remembers where that was. */
export class Interner {
  private readonly indices = new Map<string, number>();
  readonly texts: string[] = [];
  readonly file = new Int32Column();
  readonly line = new Int32Column();

  add(text: string, file: number, line: number): number {
    const known = this.indices.get(text);
    if (known !== undefined) return known;
    const index = this.texts.length;
    if (index === mostDistinct) throw tooMany('distinct texts');
    this.indices.set(text, index);
    this.texts.push(text);
    this.file.push(file);
    this.line.push(line);
    return index;
  }

  /** The texts as items without labels. */
  items(): Items {
    const count = this.texts.length;
    return {
      kind: 'text',
      count,
      content: this.texts,
      label: new Int32Array(count).fill(-1),
      file: this.file.view(),
      line: this.line.view(),
    };
  }
}

/** Label names in the order of first sight. Labels are texts: `007` and `7` are two. */
export class LabelSet {
  private readonly indices = new Map<string, number>();
  readonly names: string[] = [];

  add(name: string): number {
    let index = this.indices.get(name);
    if (index === undefined) {
      index = this.names.length;
      this.indices.set(name, index);
      this.names.push(name);
    }
    return index;
  }
}
