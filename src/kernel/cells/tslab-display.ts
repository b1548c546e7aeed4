import { createRequire } from "node:module";
import type { KernelCell } from "../../cell/running-cell";

/**
 * Lets `import * as tslab from "tslab"` show things in this kernel as it does in tslab's own: `tslab.display.html(…)`,
 * `tslab.newDisplay()`.
 *
 * tslab's displays write through what its kernel keeps in one of its modules; in its place stands one that asks for the
 * cell which runs now, and loads no compiler.
 */
export function displayForTslab(cell: () => KernelCell | null): void {
  const path = createRequire(require.resolve("tslab/dist/main.js")).resolve("./jupyter");
  require.cache[path] ??= {
    ...{ id: path, filename: path, loaded: true, path, paths: [], children: [], parent: null, isPreloading: false },
    require,
    exports: {
      __esModule: true,
      get lastWriteDisplayData() {
        return cell()?.write ?? null;
      },
    },
  };
}
