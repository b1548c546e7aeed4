/** What the cells of a notebook share: the variables that they declare at their top level. */
export class CellScope {
  readonly #values: Record<string, unknown> = {};
  /** The variables, for a debugger. */
  readonly values: Readonly<Record<string, unknown>> = this.#values;
  #declared: readonly string[] = [];
  #given = new Set<string>();
  #began = false;
  /** Names that are read where they come from, as an import is. */
  readonly #read = new Set<string>();
  /** Names whose values the running cell goes on from: its code's first assignment to each, of undefined, is passed over. */
  #continued = new Set<string>();

  /** The `exports` that a cell's code gets. */
  readonly exports: Record<string, unknown> = new Proxy(this.#values, {
    // TypeScript defines a re-exported import as a property that cannot be written again; here everything can. It is read
    // in its module each time: a module may assign what it exports.
    defineProperty: (_, name, { get, value }) => {
      if (name === "__esModule") return true;
      this.#set(name as string, get ? (get as () => unknown)() : value);
      if (!get) return true;
      Object.defineProperty(this.#values, name, { get, enumerable: true, configurable: true });
      this.#read.add(name as string);
      return true;
    },
    set: (_, name, value) => {
      this.#set(name as string, value);
      return true;
    },
  });

  /** Drops the values of names that a cell is about to declare again; returns whether there were any. */
  clear(names: readonly string[]): boolean {
    const known = names.filter((name) => !this.#continued.has(name) && this.#values[name] !== undefined);
    for (const name of known) delete this.#values[name];
    return known.length > 0;
  }

  /**
   * @param declared the names that the cell declares; its code begins by setting each of them to undefined
   * @param continued those of them that keep the value of an earlier cell until they are assigned: `var n = n + 1`
   */
  begin(declared: readonly string[], continued: readonly string[]): void {
    this.#declared = declared;
    this.#continued = new Set(continued.filter((name) => this.#values[name] !== undefined));
    this.#given = new Set(this.#continued);
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
    if (value === undefined && this.#continued.delete(name)) return;
    if (this.#read.delete(name)) delete this.#values[name];
    this.#values[name] = value;
    this.#began = true;
    if (value !== undefined) this.#given.add(name);
  }
}
