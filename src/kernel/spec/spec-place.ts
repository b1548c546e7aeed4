import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { jupyterPrefixFolder, jupyterUserFolder } from "../../files/jupyter-folders";
import { kernelName } from "./kernel-spec";

/**
 * Where a kernelspec goes: to the user's Jupyter, into any prefix, or into the active Python. Default: the user's
 * Jupyter.
 */
export interface SpecPlace {
  user?: boolean;
  prefix?: string;
  sysPrefix?: boolean;
}

/**
 * The folder of gradamp's kernelspec.
 *
 * @throws {TypeError} for several places at once
 * @throws {Error} if the active Python cannot be found
 */
export function specPlace(place: SpecPlace, environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = [place.user, place.prefix !== undefined, place.sysPrefix].filter(Boolean);
  if (chosen.length > 1) throw new TypeError("Expected one of --user, --prefix and --sys-prefix but found several");
  const data =
    place.prefix !== undefined
      ? jupyterPrefixFolder(resolve(place.prefix))
      : place.sysPrefix
        ? jupyterPrefixFolder(sysPrefix(environment))
        : jupyterUserFolder(environment);
  return join(data, "kernels", kernelName);
}

/** What Python calls sys.prefix: the active environment, else the installation. */
function sysPrefix(environment: NodeJS.ProcessEnv): string {
  const { VIRTUAL_ENV: virtual, CONDA_PREFIX: conda } = environment;
  if (virtual) return virtual;
  if (conda) return conda;
  for (const python of [environment["PYTHON"], "python3", "python"])
    if (python)
      try {
        return execFileSync(python, ["-c", "import sys; print(sys.prefix)"], {
          encoding: "utf8",
          env: environment,
        }).trim();
      } catch {
        // The next one, then.
      }
  throw new Error("Expected an active Python but found none; activate an environment or say where with --prefix");
}
