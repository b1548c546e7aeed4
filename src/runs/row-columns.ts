/** A column of words or other plain values that arquero filters and groups by their codes. */
export class DictionaryColumn<T> {
  readonly length: number;
  readonly #load: () => { codes: Int32Array | Uint32Array; words: readonly T[] };
  #codes: Int32Array | Uint32Array | null = null;
  #words: readonly T[] = [];

  constructor(length: number, load: () => { codes: Int32Array | Uint32Array; words: readonly T[] }) {
    this.length = length;
    this.#load = load;
  }

  at(row: number): T {
    return this.#words[this.key(row)] as T;
  }

  /** The row's code; arquero compares codes where it can. */
  key(row: number): number {
    return (this.#codes ?? this.#open())[row] as number;
  }

  keyFor(value: unknown): number {
    if (!this.#codes) this.#open();
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

/** A column of numbers that is read when it is first looked at. */
export class NumberColumn {
  readonly length: number;
  readonly #load: () => { values: Float64Array | Int32Array; missing: Uint8Array | null };
  #values: Float64Array | Int32Array | null = null;
  #missing: Uint8Array | null = null;

  constructor(length: number, load: () => { values: Float64Array | Int32Array; missing: Uint8Array | null }) {
    this.length = length;
    this.#load = load;
  }

  at(row: number): number | null {
    const value = (this.#values ?? this.#open())[row] as number;
    return this.#missing !== null && this.#missing[row] === 1 ? null : value;
  }

  *[Symbol.iterator](): Iterator<number | null> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  #open(): Float64Array | Int32Array {
    const { values, missing } = this.#load();
    this.#missing = missing;
    return (this.#values = values);
  }
}
