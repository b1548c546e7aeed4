import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/files/package-root";

/** Where the tests in a browser put their pictures, for people to look at; git ignores it. */
export function screenshotFolder(): string {
  const folder = join(packageRoot(), "reports", "browser");
  mkdirSync(folder, { recursive: true });
  return folder;
}
