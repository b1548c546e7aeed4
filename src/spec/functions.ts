import { show } from "../options";
import { randomUUID } from "node:crypto";

/**
 * What a record keeps of a function, which only JavaScript can say: a loss of one's own, a choice of layers.
 *
 * Two functions are the same where both have the same `key`, or are one object in one process. Their text does not tell:
 * it does not show what they refer to.
 */
export interface FunctionRecord {
  /** The identity that its author gave it with {@link keyed}; null where there is none. */
  readonly key: string | null;
  /** The object that it is, in the process that it is in; null where there is a key. */
  readonly instance: string | null;
  /** Its source, for people. */
  readonly text: string;
}

// A function as a value, whatever it takes.
type AnyFunction = (...values: never[]) => unknown;

const process_ = randomUUID();
const instances = new WeakMap<AnyFunction, string>();
let count = 0;

/**
 * Gives a function an identity, by which a run folder knows it again: two functions with the same key count as the same.
 *
 * Without a key a run that was given a function can be gone on with in the same process only. Whoever gives the key vouches
 * for it: put into it all that the function depends on.
 *
 * @param key any text that is not empty
 * @param given the function, returned with its key
 * @returns the function itself
 * @throws {TypeError} unless the key is a text and the function a function
 *
 * @example
 * import * as ga from "gradamp";
 * const weighted = (weight: number) =>
 *   ga.keyed(`weighted ${weight}`, (prediction: ga.Tensor | ga.Tensor[], target: ga.Tensor) =>
 *     ga.tf.losses.meanSquaredError(target, prediction as ga.Tensor).mul(weight).asScalar());
 * console.log(weighted(100).key); // weighted 100
 */
export function keyed<Given extends AnyFunction>(key: string, given: Given): Given & { readonly key: string } {
  if (typeof key !== "string" || key === "")
    throw new TypeError(`Expected a key to be a text that is not empty but found ${show(key)}`);
  if (typeof given !== "function") throw new TypeError(`Expected a function to give a key to but found ${show(given)}`);
  return Object.defineProperty(given, "key", { value: key, configurable: true, enumerable: true }) as Given & {
    readonly key: string;
  };
}

/** What a record keeps of a function. */
export function recordOfFunction(given: AnyFunction): FunctionRecord {
  const { key } = given as { key?: unknown };
  const text = String(given);
  if (typeof key === "string" && key !== "") return { key, instance: null, text };
  const instance = instances.get(given) ?? `${process_}/${++count}`;
  instances.set(given, instance);
  return { key: null, instance, text };
}

/** Whether a value of a record stands for a function. */
export function isFunctionRecord(value: unknown): value is FunctionRecord {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "key") && Object.hasOwn(value, "text");
}

/**
 * Whether a record is of the function that is asked for. Of a function that version 1 kept, only its text is known: it is
 * taken for one with the same text whose author gives it a key.
 */
export function isSameFunction(found: FunctionRecord, asked: FunctionRecord): boolean {
  if (found.key !== null) return found.key === asked.key;
  if (found.instance !== null) return asked.key === null && found.instance === asked.instance;
  return asked.key !== null && found.text === asked.text;
}

/** Whether a function gives a Promise each time, which is too late for whoever calls it. */
export function isAsync(given: unknown): boolean {
  return typeof given === "function" && given.constructor.name === "AsyncFunction";
}

/** Whether a value is a function, whatever it takes. */
export const isFunctionValue = (given: unknown): boolean => typeof given === "function";
