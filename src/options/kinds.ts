import { nearest } from "./nearest";
import { show } from "./show";

/**
 * What kind of value an option takes: how it is checked, what errors and documentation call it, and how a word of the
 * command line becomes one.
 */
export interface Kind<Value> {
  /** What follows "Expected NAME" in an error: "to be a whole number above 0". */
  readonly expected: string;
  /** The value itself, or what it stands for. Throws a TypeError for a wrong kind, a RangeError for a wrong value. */
  read(value: unknown, name: string): Value;
  /** The value that a word of the command line stands for; left out where the word is the value. */
  fromText?(text: string): unknown;
  /** The words that it may be, where these are all. */
  readonly choices?: readonly string[];
  /** What stands for a value in --help: "number". */
  readonly word?: string;
  /** Whether it is true or false. */
  readonly isYesNo?: true;
  /** Whether null is one of its values. */
  readonly isNullable?: true;
  /** The options that it consists of, where it is an object. */
  readonly fields?: Readonly<Record<string, { readonly kind: Kind<unknown> }>>;
  /** The options of each, where it is one of several objects told apart by their name. */
  readonly variants?: Readonly<Record<string, Readonly<Record<string, { readonly kind: Kind<unknown> }>>>>;
  /** The options instead of a name, where a module of the user's own may make the object. */
  readonly byModule?: Readonly<Record<string, { readonly kind: Kind<unknown> }>>;
  /** Where in such an object its options stand, if not beside the name. */
  readonly inner?: string;
}

/** The value that a kind reads. */
export type ValueOf<K> = K extends Kind<infer Value> ? Value : never;

/** An error of the right class: a wrong value of the right kind is a RangeError, anything else a TypeError. */
export function refuse(name: string, expected: string, value: unknown, isKind: boolean, remedy = ""): never {
  const text = `Expected ${name} ${expected} but found ${show(value)}${remedy === "" ? "" : `: ${remedy}`}`;
  throw isKind ? new RangeError(text) : new TypeError(text);
}

/** The remedy for what was never awaited; nothing for other values. */
const awaitIt = (value: unknown) => (value instanceof Promise ? "await it" : "");

/** A number for a word, or the word itself where it is none, so that the error shows it. */
const numberFrom = (text: string): unknown => (text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text));

/** A kind from a test of its values. */
function kind<Value>(
  expected: string,
  type: "number" | "string" | "boolean",
  holds: (value: never) => boolean,
  fromText?: (text: string) => unknown,
  remedy = "",
): Kind<Value> {
  return {
    expected,
    read(value, name) {
      const isKind = typeof value === type;
      if (!(isKind && holds(value as never))) refuse(name, expected, value, isKind, isKind ? remedy : awaitIt(value));
      return value as Value;
    },
    ...(type === "boolean" ? { isYesNo: true } : { word: type === "string" ? "text" : "number" }),
    ...(fromText ? { fromText } : {}),
  };
}

/** A whole number of at least `least`. */
export function whole(least: number, expected?: string): Kind<number> {
  const words = least === 1 ? "to be a whole number above 0" : `to be a whole number of at least ${least}`;
  return kind(
    expected ?? words,
    "number",
    (value: number) => Number.isSafeInteger(value) && value >= least,
    numberFrom,
  );
}

/** Any whole number, as a seed. */
export const integer: Kind<number> = kind("to be an integer", "number", Number.isSafeInteger, numberFrom);

/** A finite number that holds to a condition, which `expected` says in words. */
export function number(expected: string, holds: (value: number) => boolean, remedy = ""): Kind<number> {
  return kind(expected, "number", (value: number) => Number.isFinite(value) && holds(value), numberFrom, remedy);
}

/** A text that is not empty. */
export const text: Kind<string> = kind("to be a text that is not empty", "string", (value: string) => value !== "");

/** Yes or no. */
export const yesNo: Kind<boolean> = kind("to be true or false", "boolean", () => true, (word) => word === "true" || (word === "false" ? false : word)); // prettier-ignore

/** One of some values; a misspelt word is answered with the nearest. */
export function oneOf<const Names extends readonly (string | number | boolean)[]>(
  ...names: Names
): Kind<Names[number]> {
  const shown = names.map((name) => JSON.stringify(name));
  const few = `to be ${[shown.slice(0, -1).join(", "), shown.at(-1)].filter(Boolean).join(" or ")}`;
  const expected = names.length > 4 ? `to be one of ${names.join(", ")}` : few;
  const words = names.filter((name) => typeof name === "string");
  return {
    expected,
    read(value, name) {
      if (names.includes(value as Names[number])) return value as Names[number];
      const near = typeof value === "string" ? nearest(value, words) : null;
      const remedy = near === null ? awaitIt(value) : `did you mean ${JSON.stringify(near)}?`;
      return refuse(
        name,
        expected,
        value,
        names.some((known) => typeof known === typeof value),
        remedy,
      );
    },
    word: "name",
    fromText: (word) => names.find((name) => String(name) === word) ?? word,
    ...(words.length === names.length ? { choices: words } : {}),
  };
}

/** A list of values of one kind. */
export function listOf<Value>(one: Kind<Value>, words = "a list"): Kind<readonly Value[]> {
  const expected = `to be ${words}`;
  return {
    expected,
    read(value, name) {
      if (!Array.isArray(value)) return refuse(name, expected, value, false, awaitIt(value));
      return (value as unknown[]).map((item, at) => one.read(item, `${name}[${at}]`));
    },
    word: "list",
    fromText: (word) => word.split(",").map((part) => (one.fromText ? one.fromText(part.trim()) : part.trim())),
  };
}

/** A value of a kind, or null. */
export function orNull<Value>(inner: Kind<Value>): Kind<Value | null> {
  return {
    ...inner,
    isNullable: true,
    expected: `${inner.expected} or null`,
    read: (value, name) => (value === null ? null : inner.read(value, name)),
  };
}

/** A kind that only JavaScript can make, which a test of its own knows. */
export function value<Value>(expected: string, holds: (value: unknown) => boolean): Kind<Value> {
  return {
    expected,
    read(found, name) {
      if (!holds(found)) refuse(name, expected, found, false, awaitIt(found));
      return found as Value;
    },
  };
}

/** Anything: whoever uses it says what is wrong with it. */
export const anything: Kind<unknown> = { expected: "", read: (found) => found };

/** A text that may be empty. */
export const anyText: Kind<string> = value<string>("to be a text", (found) => typeof found === "string");

/** An object whose own keys somebody else checks. */
export const anObject: Kind<object> = value<object>("to be an object", (found) => Object.prototype.toString.call(found) === "[object Object]"); // prettier-ignore

/** Several texts in whatever can be gone through: a list, a set. */
export const someTexts: Kind<Iterable<string>> = {
  expected: "to be a list or set of texts",
  read(found, name) {
    const isSeveral = typeof found === "object" && found !== null && Symbol.iterator in found;
    if (
      !isSeveral ||
      ![...(found as Iterable<unknown>)].every((one) => typeof one === "string") ||
      found instanceof Map
    )
      refuse(name, this.expected, found, false, awaitIt(found));
    return found as Iterable<string>;
  },
};

/** Something with a method of this name, which a test of its class could not tell across copies of the package. */
export const withMethod = (method: string, words: string): Kind<object> =>
  value<object>(words, (found) => typeof (found as Record<string, unknown> | null)?.[method] === "function" && !(found instanceof Map)); // prettier-ignore

/** A function, whatever it takes. */
export const aFunction: Kind<(...values: never[]) => unknown> = value(
  "to be a function",
  (found) => typeof found === "function",
);

/** What stops something from outside. */
export const abortSignal: Kind<AbortSignal> = value<AbortSignal>("to be an AbortSignal", (found) => found instanceof AbortSignal); // prettier-ignore

/** A finite number above 0. */
export const above0: Kind<number> = number("to be above 0", (found) => found > 0);

/** A finite number of at least 0. */
export const atLeast0: Kind<number> = number("to be at least 0", (found) => found >= 0);

/** Any finite number. */
export const anyNumber: Kind<number> = number("to be a number", () => true);

/** A share that leaves something on both sides. */
export const share: Kind<number> = number("to lie between 0 and 1", (found) => found > 0 && found < 1, "95 % is 0.95");

/** Texts in a list. */
export const texts: Kind<readonly string[]> = listOf(anyText, "a list of texts");

/** Values by name: an object each of whose values is of one kind. */
export function byName<Value>(one: Kind<Value>, words: string): Kind<Readonly<Record<string, Value>>> {
  const expected = `to be an object of ${words} by name`;
  return {
    expected,
    read(found, name) {
      if (Object.prototype.toString.call(found) !== "[object Object]")
        refuse(name, expected, found, false, awaitIt(found));
      for (const [key, each] of Object.entries(found as object)) one.read(each, `${name}.${key}`);
      return found as Readonly<Record<string, Value>>;
    },
  };
}

/** One of two kinds, the first where both would do; what is neither is refused in `expected`'s words. */
export function either<A, B>(
  first: Kind<A>,
  second: Kind<B>,
  expected = `${first.expected}, or ${second.expected}`,
): Kind<A | B> {
  return {
    expected,
    read(found, name) {
      for (const one of [first, second]) {
        try {
          return one.read(found, name);
        } catch {
          // Perhaps the other.
        }
      }
      return refuse(name, expected, found, ["number", "string"].includes(typeof found));
    },
  };
}
