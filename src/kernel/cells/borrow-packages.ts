import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../../files/package-root";
import { packageOf } from "../borrowed-packages";

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Makes `require` find gradamp and what it stands on where a notebook's folder has none of its own. */
export function borrowPackages(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const resolve = loader._resolveFilename;
  const { resolve: own } = createRequire(join(packageRoot(), "package.json"));
  loader._resolveFilename = function (request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND" || packageOf(request) === null) throw error;
      try {
        return own(request);
      } catch {
        // The first error names the file that asked.
        throw error;
      }
    }
  };
}
