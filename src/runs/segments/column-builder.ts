import { type Column, Type } from "@uwdata/flechette";

/** A column of many segments, one behind the other. */
export interface JoinedColumn {
  /** Numbers as they are; for text, codes into `dictionary`. */
  values: Float64Array | Int32Array;
  /** 1 where there is no value, or null where every row has one. */
  missing: Uint8Array | null;
  /** The words of a text column, or null for numbers. */
  dictionary: string[] | null;
}

/** Joins the columns of segments into one array; rows that no segment fills are missing. */
export class ColumnBuilder {
  readonly #length: number;
  #values: Float64Array | Int32Array | null = null;
  #missing: Uint8Array | null = null;
  #filled = 0;
  readonly #words = new Map<string, number>();
  #text = false;

  constructor(length: number) {
    this.#length = length;
  }

  /** Copies the first `count` rows of a segment's column to `offset`. */
  add(column: Column<unknown>, offset: number, count: number): void {
    // A column of nothing but nulls is of no type.
    if (column.nullCount === column.length) {
      this.skip(offset, count);
      return;
    }
    const text = column.type.typeId === Type.Dictionary;
    if (this.#filled > 0 && text !== this.#text) {
      throw new TypeError("Expected a column to hold either numbers or text in every segment but found both");
    }
    this.#text = text;
    this.#filled += count;
    let at = offset;
    for (const batch of column.data) {
      const length = Math.min(batch.length, offset + count - at);
      if (length <= 0) break;
      const source = batch.values as ArrayLike<number>;
      const values = this.#ensure(text || source instanceof Int32Array);
      if (text) {
        const codes = this.#codes((batch as unknown as { dictionary: Column<string> }).dictionary);
        for (let i = 0; i < length; i++) values[at + i] = codes[source[i] ?? 0] ?? 0;
      } else values.set((source as Float64Array).subarray(0, length), at);
      if (batch.nullCount > 0) {
        this.#missing ??= new Uint8Array(this.#length);
        for (let i = 0; i < length; i++)
          if (((batch.validity[i >> 3] ?? 0) & (1 << (i & 7))) === 0) this.#missing[at + i] = 1;
      }
      at += length;
    }
  }

  /** Says that rows have no value of this column. */
  skip(offset: number, count: number): void {
    if (count === 0) return;
    this.#missing ??= new Uint8Array(this.#length);
    this.#missing.fill(1, offset, offset + count);
  }

  finish(): JoinedColumn {
    return {
      values: this.#values ?? new Float64Array(this.#length),
      missing: this.#missing,
      dictionary: this.#text ? [...this.#words.keys()] : null,
    };
  }

  /** Whole numbers stay whole unless a segment holds others. */
  #ensure(whole: boolean): Float64Array | Int32Array {
    if (this.#values === null) this.#values = whole ? new Int32Array(this.#length) : new Float64Array(this.#length);
    else if (!whole && this.#values instanceof Int32Array) this.#values = Float64Array.from(this.#values);
    return this.#values;
  }

  #codes(words: Column<string>): Int32Array {
    return Int32Array.from(words.toArray() as ArrayLike<string>, (word) => {
      const code = this.#words.get(word) ?? this.#words.size;
      this.#words.set(word, code);
      return code;
    });
  }
}
