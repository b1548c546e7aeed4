import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where a user's Jupyter keeps its data: `JUPYTER_DATA_DIR`, else what the platform prescribes. */
export function jupyterUserFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { JUPYTER_DATA_DIR: own, XDG_DATA_HOME: shared } = environment;
  if (own) return own;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  return join(shared || join(homedir(), ".local", "share"), "jupyter");
}

/** Where a Python installation, or any other prefix, keeps Jupyter's data. */
export function jupyterPrefixFolder(prefix: string): string {
  return join(prefix, "share", "jupyter");
}

/**
 * The folders in which Jupyter looks for kernels, the first that has one wins: `JUPYTER_PATH`, the user's, those of the
 * active environments, the system's.
 *
 * @param prefixes further installations, after the active environments
 */
export function jupyterFolders(
  environment: NodeJS.ProcessEnv = process.env,
  prefixes: readonly string[] = [],
): string[] {
  const { JUPYTER_PATH: path = "", VIRTUAL_ENV: virtual, CONDA_PREFIX: conda } = environment;
  const places = [
    ...path.split(delimiter),
    jupyterUserFolder(environment),
    ...[virtual, conda, ...prefixes, "/usr/local", "/usr"].map((prefix) => prefix && jupyterPrefixFolder(prefix)),
  ];
  return [...new Set(places.filter((place) => place !== undefined && place !== ""))] as string[];
}
