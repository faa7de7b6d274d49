/** A typed array that grows by doubling: columns of a million rows without an object per row. */
export class Int32Column {
  private values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** The filled part, without a copy: valid until the next `push`. */
  view(): Int32Array {
    return this.values.subarray(0, this.length);
  }
}

/** The same for float32, appended row by row. */
export class Float32Column {
  private values = new Float32Array(1024);
  length = 0;

  push(value: number): void {
    this.reserve(1);
    this.values[this.length++] = value;
  }

  append(row: ArrayLike<number>): void {
    this.reserve(row.length);
    this.values.set(row, this.length);
    this.length += row.length;
  }

  view(): Float32Array {
    return this.values.subarray(0, this.length);
  }

  private reserve(extra: number): void {
    if (this.length + extra <= this.values.length) return;
    const larger = new Float32Array(Math.max(this.length + extra, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }
}
