import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a path names a file that may be executed. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The path of the first of some programs that is on PATH, folder by folder; null where none is.
 *
 * @param folders further folders, looked at last
 */
export function findProgram(
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
  folders: readonly string[] = [],
): string | null {
  for (const folder of [...(environment.PATH ?? "").split(delimiter), ...folders])
    for (const name of names) {
      const path = join(folder, name);
      if (folder !== "" && isExecutable(path)) return path;
    }
  return null;
}
