import { abortSignal, above0, aFunction, checkOptions, number, text, whole } from "../../options";
import { dataFolder } from "./data-folder";
import { fetchLayout, type DownloadDatasetOptions } from "./fetch-layout";
import { findLayout } from "./find-layout";

/**
 * Downloads CIFAR-10 or CIFAR-100 (170 MB each) and unpacks it; does nothing where it is there and whole.
 *
 * A broken connection is resumed, also by a later call; the archive's MD5 and each file's SHA-256 are checked before a
 * file gets its name.
 *
 * @param name `"cifar-10"` or `"cifar-100"`
 * @param options the data folder, a mirror, and what is told meanwhile
 * @returns the folder of the files, and whether anything was downloaded
 * @throws {RangeError} for any other name
 * @throws {Error} if the server refuses, the connection keeps breaking, or something else arrives than was expected
 *
 * @example
 * import * as ga from "gradamp";
 * async function fetchBoth() {
 *   for (const name of ["cifar-10", "cifar-100"])
 *     console.log(await ga.downloadDataset(name, { onProgress: ({ done, total }) => console.error(done, total) }));
 * }
 * console.log(typeof fetchBoth);
 */
export async function downloadDataset(
  name: string,
  options: DownloadDatasetOptions = {},
): Promise<{ path: string; downloaded: boolean }> {
  checkOptions("downloadDataset", options, {
    dir: text,
    url: text,
    onProgress: aFunction,
    attempts: whole(1),
    backoff: number("to be at least 0", (found) => found >= 0),
    patience: above0,
    signal: abortSignal,
    onNote: aFunction,
  });
  return fetchLayout(findLayout(name), dataFolder(options.dir), options);
}
