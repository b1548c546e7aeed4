import { readConnection } from "./protocol/connection";
import { Kernel } from "./kernel";

/**
 * Runs a kernel until it is asked to end: what a kernelspec starts.
 *
 * @param connectionFile where Jupyter says how to reach it
 */
export async function main(connectionFile: string): Promise<void> {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  let kernel: Kernel | null = null;
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await kernel?.close();
    process.exit(0);
  };
  process.on("SIGINT", () => kernel?.interrupt());
  process.on("SIGTERM", () => void end());
  process.on("SIGHUP", () => void end());
  kernel = await Kernel.start({
    connection: readConnection(connectionFile),
    folder: process.cwd(),
    log,
    onShutdown: () => void end(),
  });
}
