/** What the cells of a notebook share: the variables that they declare at their top level. */
export class CellScope {
  readonly #values: Record<string, unknown> = {};
  /** The variables, for a debugger. */
  readonly values: Readonly<Record<string, unknown>> = this.#values;
  #declared: readonly string[] = [];
  #given = new Set<string>();
  #began = false;

  /** The `exports` that a cell's code gets. */
  readonly exports: Record<string, unknown> = new Proxy(this.#values, {
    // TypeScript defines a re-exported import as a property that cannot be written again; here everything can.
    defineProperty: (_, name, { get, value }) => {
      if (name !== "__esModule") this.#set(name as string, get ? (get as () => unknown)() : value);
      return true;
    },
    set: (_, name, value) => {
      this.#set(name as string, value);
      return true;
    },
  });

  /** Drops the values of names that a cell is about to declare again; returns whether there were any. */
  clear(names: readonly string[]): boolean {
    const known = names.filter((name) => this.#values[name] !== undefined);
    for (const name of known) delete this.#values[name];
    return known.length > 0;
  }

  /** @param declared the names that the cell declares; its code begins by setting each of them to undefined */
  begin(declared: readonly string[]): void {
    this.#declared = declared;
    this.#given = new Set();
    this.#began = false;
  }

  /** Names that the running cell declares and has not given a value yet; null where none of its code has run. */
  missing(): string[] | null {
    return this.#began ? this.#declared.filter((name) => !this.#given.has(name)) : null;
  }

  /** Takes a value out: that of a cell's last expression. */
  take(name: string): unknown {
    const value = this.#values[name];
    delete this.#values[name];
    return value;
  }

  #set(name: string, value: unknown): void {
    this.#values[name] = value;
    this.#began = true;
    if (value !== undefined) this.#given.add(name);
  }
}
