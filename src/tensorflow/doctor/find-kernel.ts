import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { packageRoot } from "../../files/package-root";
import type { DoctorReport } from "./report";

/** Kernels that run gradamp's notebooks, the best first. */
const KERNELS = ["gradamp", "tslab"];

/** Looks for the kernelspec where Jupyter would, the project's own virtual environment included. */
export function findKernel(environment: NodeJS.ProcessEnv = process.env): DoctorReport["kernel"] {
  const prefixes = [
    environment["VIRTUAL_ENV"],
    environment["CONDA_PREFIX"],
    join(packageRoot(), ".venv"),
    "/usr/local",
    "/usr",
  ];
  const places = [
    ...(environment["JUPYTER_PATH"] ?? "").split(delimiter),
    environment["JUPYTER_DATA_DIR"],
    join(environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "jupyter"),
    join(homedir(), "Library", "Jupyter"),
    ...prefixes.map((prefix) => prefix && join(prefix, "share", "jupyter")),
  ].filter((place) => place !== undefined && place !== "");
  for (const name of KERNELS)
    for (const place of places) {
      const path = join(place as string, "kernels", name);
      if (existsSync(join(path, "kernel.json"))) return { installed: true, name, path };
    }
  return { installed: false, name: null, path: null };
}
