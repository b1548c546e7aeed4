import { checkArgument, checkPath } from "../options";
import { resolve } from "node:path";
import { findModule, hashModule } from "./module-files";

/** A model or data set by a module of one's own, as it is written down. */
export interface ModuleRecord {
  /** The file's absolute path: a module in TypeScript or JavaScript, of a network also a model.json. */
  readonly module: string;
  /** What its function is told. Default: nothing. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it and the files that it imports were when it was first asked for; see `hashModule`. */
  readonly hash?: string;
}

/**
 * The same with an absolute path, and the hash of what is there now where it has none.
 *
 * @param folder that a relative path starts from
 * @throws {RangeError} if there is no such file
 */
export function locateModule<Given extends ModuleRecord>(
  given: Given,
  folder = process.cwd(),
): Given & Required<Pick<ModuleRecord, "hash">> {
  checkArgument(given, "a module's path", "module");
  checkPath(given.module, "a module's path");
  const path = resolve(folder, given.module);
  const module = findModule(path);
  if (module === null) throw new RangeError(`Expected a module at ${path} but found no such file`);
  return { ...given, module, hash: given.hash ?? hashModule(module) };
}

/**
 * Refuses a module that is another than it was.
 *
 * @throws {RangeError} if it has changed, or one of the files that it imports
 */
export function checkUnchanged({ module, hash }: ModuleRecord): void {
  if (hash === undefined || hashModule(module) === hash) return;
  throw new RangeError(
    `Expected ${module}, with the files that it imports, to be as it was when the run began but found it changed: ` +
      "restore it, or begin another run in another folder",
  );
}
