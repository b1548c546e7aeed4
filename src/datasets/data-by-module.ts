import { checkUnchanged, loadModule, locateModule, type ModuleRecord } from "../modules";
import { show } from "../spec";
import type { Dataset, TrainingData } from "./types";

/**
 * The data that a module of the user's own exports by default, or that its function makes of the options; the function may
 * be async. TypeScript needs no build step, and `import * as ga from "gradamp"` in it is this gradamp.
 *
 * A run that is recorded keeps the module's path, options and hash, and loads it again when it goes on.
 *
 * @param module its path, or `{ module, options, hash }` as a trial has it
 * @param options what its function is told. Default: nothing
 * @throws {RangeError} if there is no such file, or it is another one than `hash` says
 * @throws {TypeError} if it does not give data for training
 *
 * @example
 * import { mkdtempSync, writeFileSync } from "node:fs";
 * import * as ga from "gradamp";
 * const file = `${mkdtempSync("/tmp/module-")}/data.ts`;
 * writeFileSync(file, `import * as ga from "gradamp";
 * export default ({ size }: { size: number }) => ga.embedded({ train: size, validation: 10, test: 10 });`);
 * const data = await ga.dataByModule(file, { size: 30 });
 * console.log(data.train.size); // 30
 */
export async function dataByModule(
  module: string | ModuleRecord,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Dataset> {
  const record = locateModule(typeof module === "string" ? { module, options } : module);
  checkUnchanged(record);
  const made = loadModule(record.module);
  const told = record.options ?? {};
  if (typeof made !== "function" && Object.keys(told).length > 0)
    throw new TypeError(`Expected ${record.module} to export a function of its options (${Object.keys(told).join(", ")}) but found data: they would do nothing`); // prettier-ignore
  const data: unknown = await (typeof made === "function" ? (made as (options: object) => unknown)(told) : made);
  const found = data as Partial<TrainingData> | null | undefined;
  if (typeof found !== "object" || found === null || typeof found.train !== "object")
    throw new TypeError(`Expected ${record.module} to give data, as of ga.dataset, but found ${show(data)}`);
  const source = { name: "module", options: { module: record.module, options: told, hash: record.hash } };
  Object.defineProperty(found, "source", { value: source, enumerable: true, configurable: true });
  return found as Dataset;
}
