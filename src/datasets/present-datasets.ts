import { statSync } from "node:fs";
import { join } from "node:path";
import { CIFAR10, CIFAR100, cifarFiles } from "./cifar-layout";
import { dataFolder } from "./data-folder";

/** A data set that gradamp can read from a folder. */
export interface PresentDataset {
  readonly name: string;
  /** The folder that holds it, or would. */
  readonly path: string;
  /** Whether every file is there with its right size. */
  readonly present: boolean;
}

/**
 * Which of the data sets that live in files are there. Looks at sizes only; `gradamp data verify` reads the files.
 *
 * @param dir the data folder; default `GRADAMP_DATA`, else `data/` in the per-user cache
 *
 * @example
 * import * as ga from "gradamp";
 * for (const { name, present } of ga.presentDatasets()) console.log(name, present);
 */
export function presentDatasets(dir?: string): PresentDataset[] {
  return [CIFAR10, CIFAR100].map((layout) => {
    const path = join(dataFolder(dir), layout.folder);
    const present = cifarFiles(layout).every(
      ({ name, size }) => statSync(join(path, name), { throwIfNoEntry: false })?.size === size,
    );
    return { name: layout.name, path, present };
  });
}
