import type { Kind } from "./kinds";
import { show } from "./show";

/**
 * What stands in front of a function's options: each of these refuses what it cannot be before anything is done with it.
 */

/** Refuses what is no model. @throws {TypeError} if it is not, with the remedy */
export function checkModel(given: unknown): void {
  if (given instanceof Promise) throw new TypeError("Expected a model but found a Promise: await it");
  if (!Array.isArray((given as { layers?: unknown } | null | undefined)?.layers))
    throw new TypeError(`Expected a model, as of ga.vgg08 or tf.sequential, but found ${show(given)}`);
}

/** Refuses what is no path. @throws {TypeError} if it is not */
export function checkPath(given: unknown, what: string): void {
  if (given instanceof Promise) throw new TypeError(`Expected ${what} but found a Promise: await it`);
  if (typeof given !== "string" || given === "")
    throw new TypeError(`Expected ${what}, as text, but found ${show(given)}`);
}

/** Refuses what is no arquero table. @throws {TypeError} if it is not, with the remedy */
export function checkTable(given: unknown): void {
  if (given instanceof Promise) throw new TypeError("Expected a table but found a Promise: await it");
  if (typeof (given as { columnNames?: unknown } | null | undefined)?.columnNames !== "function")
    throw new TypeError(
      `Expected a table, as of ga.runs or arquero's from(rows), but found ${show(given)}: ga.table.fromDanfo makes one of a DataFrame`,
    );
}

/** Refuses what is no list. @throws {TypeError} if it is not */
export function checkList(given: unknown, what: string): void {
  if (given instanceof Promise) throw new TypeError(`Expected ${what} but found a Promise: await it`);
  if (!Array.isArray(given) && !(ArrayBuffer.isView(given) && !(given instanceof DataView)))
    throw new TypeError(`Expected ${what} but found ${show(given)}`);
}

/** Refuses what is no list of objects. @throws {TypeError} if it is not, with the place of the first that is none */
export function checkRows(given: unknown, what: string): void {
  checkList(given, what);
  const rows = given as readonly unknown[];
  const wrong = rows.findIndex((row) => typeof row !== "object" || row === null || Array.isArray(row));
  if (wrong >= 0) throw new TypeError(`Expected ${what} but found ${show(rows[wrong])} at ${wrong}`);
}

/** Refuses another object than the one wanted. @throws {TypeError} if it is none, or lacks the field that tells what it is */
export function checkArgument(given: unknown, what: string, field?: string): void {
  if (given instanceof Promise) throw new TypeError(`Expected ${what} but found a Promise: await it`);
  if (typeof given !== "object" || given === null || (field !== undefined && !(field in given)))
    throw new TypeError(`Expected ${what} but found ${show(given)}`);
}

/**
 * Refuses an object whose fields are not what they have to be; it may have others.
 *
 * @throws {TypeError} if it is no object, or a field of it is missing or of a wrong kind
 * @throws {RangeError} if a field of it has a value that makes no sense
 */
export function checkParts(given: unknown, what: string, kinds: Readonly<Record<string, Kind<unknown>>>): void {
  checkArgument(given, what);
  // A list, a date and a map are objects, too, whose fields are all missing.
  if (Object.prototype.toString.call(given) !== "[object Object]")
    throw new TypeError(`Expected ${what} but found ${show(given)}`);
  for (const [name, kind] of Object.entries(kinds)) kind.read((given as Record<string, unknown>)[name], name);
}

/** Refuses what is no function. @throws {TypeError} if it is not */
export function checkFunction(given: unknown, what: string): void {
  if (typeof given !== "function") throw new TypeError(`Expected ${what}, a function, but found ${show(given)}`);
}

/** Refuses what is no text. @throws {TypeError} if it is not */
export function checkText(given: unknown, what: string): void {
  if (typeof given !== "string") throw new TypeError(`Expected ${what}, as text, but found ${show(given)}`);
}
