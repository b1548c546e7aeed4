import { statSync } from "node:fs";
import { join } from "node:path";
import { CIFAR10, CIFAR100, cifarFiles } from "./cifar-layout";
import { dataFolder } from "./data-folder";

/** A data set that gradamp can read from a folder. */
export interface PresentDataset {
  /** Which data set. */
  readonly name: string;
  /** The folder that holds it, or would. */
  readonly path: string;
  /** Whether every file is there with its right size. */
  readonly present: boolean;
  /** What is wrong with a set of which something is there: the first file that is missing or has another size. */
  readonly problem: string | null;
}

/**
 * Which of the data sets that live in files are there. Looks at sizes only; `gradamp data verify` reads the files.
 *
 * @param dir the data folder. Default: `GRADAMP_DATA`, else `data/` in the per-user cache
 *
 * @example
 * import * as advanced from "gradamp/advanced";
 * for (const { name, present } of advanced.presentDatasets()) console.log(name, present);
 */
export function presentDatasets(dir?: string): PresentDataset[] {
  return [CIFAR10, CIFAR100].map((layout) => {
    const path = join(dataFolder(dir), layout.folder);
    const files = cifarFiles(layout).map(({ name, size }) => ({ name, size, found: sizeOf(join(path, name)) }));
    const wrong = files.find(({ size, found }) => found !== size);
    const begun = files.some(({ found }) => found !== null);
    const found = wrong && (wrong.found === null ? "is missing" : `has ${wrong.found} bytes instead of ${wrong.size}`);
    return {
      name: layout.name,
      path,
      present: wrong === undefined,
      problem: wrong !== undefined && begun ? `${wrong.name} ${found}` : null,
    };
  });
}

/** Bytes of a file; null where there is none that can be looked at. */
function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}
