import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../../../files/package-root";
import { ownPackages } from "../own-packages";

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Makes `require` find gradamp and what it brings along from every folder that has none of its own. */
export function resolveOwnPackages(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const resolve = loader._resolveFilename;
  const own = createRequire(join(packageRoot(), "package.json"));
  loader._resolveFilename = function (request, ...rest) {
    try {
      return resolve.call(this, request, ...rest);
    } catch (error) {
      const known = ownPackages.some((name) => request === name || request.startsWith(`${name}/`));
      if (!known || (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
      return own.resolve(request);
    }
  };
}
