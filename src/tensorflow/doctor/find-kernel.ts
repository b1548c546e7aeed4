import { existsSync } from "node:fs";
import { join } from "node:path";
import { jupyterFolders } from "../../files/jupyter-folders";
import { packageRoot } from "../../files/package-root";
import type { DoctorReport } from "./report";

/** Kernels that run gradamp's notebooks, the best first. */
const KERNELS = ["gradamp", "tslab"];

/** Looks for the kernelspec where Jupyter would, the project's own virtual environment included. */
export function findKernel(environment: NodeJS.ProcessEnv = process.env): DoctorReport["kernel"] {
  const own = [process.cwd(), packageRoot()].map((folder) => join(folder, ".gradamp", "jupyter"));
  const places = jupyterFolders(environment, own);
  for (const name of KERNELS)
    for (const place of places) {
      const path = join(place, "kernels", name);
      if (existsSync(join(path, "kernel.json"))) return { installed: true, name, path };
    }
  return { installed: false, name: null, path: null };
}
