import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../src/files/cache-folder";

/**
 * A project in the per-user cache, whose `.gradamp/jupyter` is the JupyterLab of all tests that need one: `gradamp lab`
 * sets it up in the project of the folder that it opens, once.
 */
export function testLab(): string {
  const folder = join(cacheFolder(), "test-jupyter");
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  return folder;
}
