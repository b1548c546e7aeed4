import { checkOptions, text } from "../../options";
import { dataFolder } from "./data-folder";
import { findLayout } from "./find-layout";
import { verifyLayout, type VerifiedFile } from "./verify-layout";

/**
 * Compares the files of a downloaded data set with their known sizes and SHA-256; reads all of them, in under a second.
 *
 * @param name `"cifar-10"` or `"cifar-100"`
 * @param options.dir the data folder. Default: `GRADAMP_DATA`, else `data/` in the per-user cache
 * @throws {RangeError} for any other name
 *
 * @example
 * import * as advanced from "gradamp/advanced";
 * const files = await advanced.verifyDataset("cifar-10", { dir: "no-such-folder" });
 * console.log(files.every(({ ok }) => ok)); // false
 */
export async function verifyDataset(name: string, options: { dir?: string } = {}): Promise<VerifiedFile[]> {
  checkOptions("verifyDataset", options, { dir: text });
  return verifyLayout(findLayout(name), dataFolder(options.dir));
}
