import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

let found: string | undefined;

/** The folder of gradamp's own package.json, whether its code runs from a clone's dist/ or from node_modules. */
export function packageRoot(): string {
  if (found) return found;
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    if ((JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "gradamp") return (found = folder);
  }
  throw new Error(`Expected gradamp's package.json above ${__dirname} but found none`);
}
