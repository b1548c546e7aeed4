import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { explainWriteError } from "./explain-write-error";

/**
 * Makes a folder and those above it, where they are missing.
 *
 * @throws {Error} that says what to do, where it cannot be made
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw explainWriteError(trueCause(path, error), path);
  }
}

/** Node says ENOENT for all that fails above; the first folder that is missing tells why. */
function trueCause(path: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return error;
  let missing = path;
  while (!existsSync(dirname(missing)) && dirname(missing) !== missing) missing = dirname(missing);
  try {
    mkdirSync(missing);
    return error;
  } catch (cause) {
    return cause;
  }
}
