import { packageRoot } from "../../files/package-root";
import { lastLines, runCommand } from "../../tensorflow/setup/run-command";

/**
 * Packs the copy of gradamp that is running, as `npm pack` does.
 *
 * @returns the tarball's name
 */
export async function packGradamp(folder: string): Promise<string> {
  const words = ["pack", packageRoot(), "--pack-destination", folder, "--ignore-scripts"];
  const { status, stdout, output } = await runCommand("npm", words);
  const name = stdout.trim().split("\n").at(-1) ?? "";
  if (status !== 0 || !name.endsWith(".tgz")) throw new Error(`npm cannot pack gradamp:\n${lastLines(output)}`);
  return name;
}
