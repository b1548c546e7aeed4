import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Where the JupyterLab of a project lies: beside the package.json above a folder, else in the folder itself. */
export function labFolder(folder: string): string {
  const start = resolve(folder);
  let project = start;
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) {
      project = at;
      break;
    }
    if (at === dirname(at)) break;
  }
  return join(project, ".gradamp", "jupyter");
}
