import type { Peek } from "./peek";

/** So many single rows are looked up before the whole column is read: enough for a table's head and tail. */
const peeks = 64;

/** A column of words or other plain values that arquero filters and groups by their codes; read when first looked at. */
export class DictionaryColumn<T> {
  readonly length: number;
  readonly #load: () => { codes: Int32Array | Uint32Array; words: readonly T[] };
  readonly #peek: Peek | null;
  #peeked = 0;
  #codes: Int32Array | Uint32Array | null = null;
  #words: readonly T[] = [];

  constructor(
    length: number,
    load: () => { codes: Int32Array | Uint32Array; words: readonly T[] },
    peek: Peek | null = null,
  ) {
    this.length = length;
    this.#load = load;
    this.#peek = peek;
  }

  at(row: number): T {
    if (this.#codes === null && this.#peek !== null && this.#peeked++ < peeks) return this.#peek(row) as T;
    const code = this.key(row);
    return this.#words[code] as T;
  }

  /** The row's code; arquero compares codes where it can. */
  key(row: number): number {
    return (this.#codes ?? this.#open())[row] as number;
  }

  /** The code of a value, or −1 where no row has it. */
  keyFor(value: unknown): number {
    if (this.#codes === null) this.#open();
    return this.#words.indexOf(value as T);
  }

  /** arquero's grouping by this column alone: the codes are the groups. */
  groups(names: string[]) {
    const keys = this.#codes ?? this.#open();
    const words = this.#words;
    const rows = Uint32Array.from(words, (_, code) => code);
    return { keys, get: [(code: number) => words[code]], names, rows, size: words.length };
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  #open(): Int32Array | Uint32Array {
    const { codes, words } = this.#load();
    this.#words = words;
    return (this.#codes = codes);
  }
}

/** A column of numbers, read when first looked at. */
export class NumberColumn {
  readonly length: number;
  readonly #load: () => { values: Float64Array | Int32Array; missing: Uint8Array | null };
  readonly #peek: Peek;
  #peeked = 0;
  #values: Float64Array | Int32Array | null = null;
  #missing: Uint8Array | null = null;

  constructor(
    length: number,
    load: () => { values: Float64Array | Int32Array; missing: Uint8Array | null },
    peek: Peek,
  ) {
    this.length = length;
    this.#load = load;
    this.#peek = peek;
  }

  at(row: number): number | null {
    if (this.#values === null) {
      if (this.#peeked++ < peeks) return this.#peek(row) as number | null;
      this.#open();
    }
    if (this.#missing !== null && this.#missing[row] === 1) return null;
    return (this.#values as Float64Array)[row] as number;
  }

  *[Symbol.iterator](): Iterator<number | null> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  #open(): void {
    const { values, missing } = this.#load();
    this.#missing = missing;
    this.#values = values;
  }
}
