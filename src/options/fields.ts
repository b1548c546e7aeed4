import { type Kind, refuse, type ValueOf } from "./kinds";
import { nearest } from "./nearest";
import { show } from "./show";

/** One option: all that is known of it, wherever it may be given. */
export interface Field<Value, Default> {
  readonly kind: Kind<Value>;
  /** What holds where it is left out; undefined where the place decides, or where it has to be given. */
  readonly default: Default;
  /** In a sentence without its name and default, for --help and docs/options.md. */
  readonly help: string;
  /** Whether there is no default and it has to be given. */
  readonly required?: true;
  /**
   * How it is given on the command line, where that is not its own name ("--batch-size <number>"), or where several
   * options share a flag; null where the command line cannot say it.
   */
  readonly flag?: string | null;
  /** What the flag was called before. */
  readonly oldFlag?: string;
  /** What an error calls it where it is no part of something greater. */
  readonly title?: string;
  /** Whether a run is the same run with another value: where it is kept, how it is shown. */
  readonly decidesNothing?: true;
  /**
   * Whether a trial spells it out where it is the default. Trials have done so since version 1, and what they spell is
   * what their keys are made of; what came later is spelled only where it is given, so that trials of before keep their
   * keys.
   */
  readonly isSpelled?: true;
  /** Whether only JavaScript can give it: a signal, a callback. */
  readonly onlyJavaScript?: true;
}

// The values of a table of fields differ in type, which each keeps.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Fields = Readonly<Record<string, Field<any, any>>>;

type RequiredOf<F extends Fields> = { [Name in keyof F]: F[Name] extends { readonly required: true } ? Name : never }[keyof F]; // prettier-ignore

/** What may be given for a table of fields. */
export type Given<F extends Fields> = {
  [Name in Exclude<keyof F, RequiredOf<F>>]?: ValueOf<F[Name]["kind"]>;
} & { [Name in RequiredOf<F>]: ValueOf<F[Name]["kind"]> };

/** The same with every default filled in. */
export type Filled<F extends Fields> = {
  readonly [Name in keyof F]: undefined extends F[Name]["default"]
    ? F[Name] extends { readonly required: true }
      ? ValueOf<F[Name]["kind"]>
      : ValueOf<F[Name]["kind"]> | undefined
    : ValueOf<F[Name]["kind"]>;
};

/** An option that may be left out. */
export function field<Value, const Default extends Value | undefined>(
  kind: Kind<Value>,
  fallback: Default,
  help: string,
  more: Omit<Field<Value, Default>, "kind" | "default" | "help" | "required"> = {},
): Field<Value, Default> {
  return { kind, default: fallback, help, ...more };
}

/** An option that has to be given. */
export function needed<Value>(
  kind: Kind<Value>,
  help: string,
  more: Omit<Field<Value, undefined>, "kind" | "default" | "help" | "required"> = {},
): Field<Value, undefined> & { readonly required: true } {
  return { kind, default: undefined, help, required: true, ...more };
}

/** @throws {TypeError} unless the value is an object of options */
export function checkObject(value: unknown, name: string): asserts value is Record<string, unknown> {
  // Not by its prototype: a notebook's cells have an Object of their own.
  if (Object.prototype.toString.call(value) !== "[object Object]")
    refuse(name, "to be an object of options", value, false, value instanceof Promise ? "await it" : "");
}

/**
 * Refuses an option that nobody knows, with the nearest that there is.
 *
 * @param within name and a dot, where the options belong to another one
 * @param others names that are another object's, with where they belong
 * @throws {TypeError} if an option is not known; the message names the nearest
 */
export function checkNames(
  options: object,
  known: Iterable<string>,
  within = "",
  others: Readonly<Record<string, string>> = {},
): void {
  const names = new Set(known);
  for (const name of Object.keys(options)) {
    if (names.has(name)) continue;
    const near = nearest(name, names);
    const place = Object.hasOwn(others, name) ? others[name] : undefined;
    const remedy =
      place !== undefined
        ? place
        : near !== null
          ? `did you mean ${near}?`
          : names.size > 0
            ? `there are ${[...names].join(", ")}`
            : "there are none";
    throw new TypeError(
      `Expected known options${within === "" ? "" : ` in ${within}`} but found ${within === "" ? name : `${within}.${name}`}: ${remedy}`,
    );
  }
}

/** What the options of a function may be: a kind for each that its type names, so that none is left out. */
export type KindsOf<Options extends object> = {
  readonly [Name in keyof Required<Options>]: Kind<unknown> & { readonly required?: boolean };
};

/** A kind of option that has to be given. */
export const required = <Value>(kind: Kind<Value>): Kind<Value> & { readonly required: true } => ({
  ...kind,
  required: true,
});

/**
 * Refuses, before a function does anything, options that it does not know and values that they cannot have.
 *
 * @param within what the function is called, for errors
 * @throws {TypeError} for an unknown name, with the nearest one that there is, and for a wrong kind of value
 * @throws {RangeError} for a value that makes no sense
 */
export function checkOptions<Options extends object>(within: string, options: Options, kinds: KindsOf<Options>): void {
  checkObject(options, `the options of ${within}`);
  checkNames(options, Object.keys(kinds), within);
  const given = options as Record<string, unknown>;
  for (const [name, kind] of Object.entries<Kind<unknown> & { readonly required?: boolean }>(kinds)) {
    if (given[name] !== undefined) kind.read(given[name], name);
    else if (kind.required) throw new TypeError(`Expected ${name} ${kind.expected} but found none`);
  }
}

export interface ReadOptions {
  /** The object's own name, with which those of its options begin. Default: none. */
  readonly name?: string;
  /** Names that belong elsewhere, with the remedy. */
  readonly others?: Readonly<Record<string, string>>;
}

/**
 * Reads an object of options: refuses names that are not in the table, checks every value, and fills in what is left
 * out.
 *
 * @throws {TypeError} for an unknown name, a wrong kind of value, or one that is missing
 * @throws {RangeError} for a value that makes no sense
 */
export function readFields<F extends Fields>(fields: F, given: unknown, options: ReadOptions = {}): Filled<F> {
  const { name: within = "", others = {} } = options;
  checkObject(given, within === "" ? "the options" : within);
  checkNames(given, Object.keys(fields), within, others);
  const filled: Record<string, unknown> = {};
  for (const [key, { kind, default: fallback, required, title }] of Object.entries(fields)) {
    const value = given[key];
    const name = within === "" ? (title ?? key) : `${within}.${key}`;
    if (value === undefined) {
      if (required) throw new TypeError(`Expected ${name} ${kind.expected} but found none`);
      filled[key] = fallback;
    } else filled[key] = kind.read(value, name);
  }
  return filled as Filled<F>;
}

/** An object of options as a kind, every default filled in. */
export function objectOf<F extends Fields>(
  fields: F,
  options: Pick<ReadOptions, "others"> = {},
): Kind<Filled<F>> & { readonly fields: F } {
  return {
    expected: `to be an object of ${Object.keys(fields).join(", ")}`,
    read: (value, name) => readFields(fields, value, { ...options, name }),
    fields,
  };
}

/** One of several objects, told apart by their name: `{ name: "sgd", momentum: 0.9 }`. */
export function named<V extends Readonly<Record<string, Fields>>>(
  variants: V,
): Kind<{ [Name in keyof V]: { readonly name: Name } & Filled<V[Name]> }[keyof V]> {
  // prettier-ignore
  const names = Object.keys(variants);
  const expected = `to have a name (${names.join(", ")})`;
  return {
    expected,
    variants,
    read(value, name) {
      checkObject(value, name);
      const { name: which, ...rest } = value;
      if (typeof which !== "string" || !Object.hasOwn(variants, which)) {
        const near = typeof which === "string" ? nearest(which, names) : null;
        refuse(name, expected, which, typeof which === "string", near === null ? "" : `did you mean ${show(near)}?`);
      }
      return { name: which, ...readFields(variants[which]!, rest, { name }) } as never;
    },
  };
}
