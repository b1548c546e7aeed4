import { join } from "node:path";
import { packageRoot } from "../files/package-root";

/**
 * The program that runs a TypeScript kernel: what a kernelspec calls `argv`, with `{connection_file}` in the place of
 * the file that tells it where to listen. The one place where the kernel is named.
 */
export function kernelCommand(): readonly string[] {
  return [process.execPath, join(packageRoot(), "bin", "kernel.cjs"), "{connection_file}"];
}
