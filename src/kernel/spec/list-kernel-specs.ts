import { existsSync } from "node:fs";
import { join } from "node:path";
import { jupyterFolders } from "../../files/jupyter-folders";
import { kernelName } from "./kernel-spec";
import { readKernelSpec } from "./read-kernel-spec";

/** A kernelspec of gradamp's. */
export interface InstalledSpec {
  folder: string;
  version: string;
  /** The copy of gradamp that it starts. */
  gradamp: string;
  /** What is missing of what it starts; null where all is there. */
  problem: string | null;
}

/**
 * gradamp's kernelspecs where Jupyter looks for them, in its order: the first is the one that is used.
 *
 * @param prefixes further places, beside the usual ones
 */
export function listKernelSpecs(
  environment: NodeJS.ProcessEnv = process.env,
  prefixes: readonly string[] = [],
): InstalledSpec[] {
  return jupyterFolders(environment, prefixes).flatMap((data) => {
    const folder = join(data, "kernels", kernelName);
    const spec = readKernelSpec(folder);
    const known = spec?.metadata.gradamp;
    if (!spec || !known) return [];
    const gone = spec.argv.slice(0, 2).find((path) => !existsSync(path));
    const problem = gone === undefined ? null : `${gone} is gone; install it again`;
    return [{ folder, version: known.version, gradamp: known.folder, problem }];
  });
}
