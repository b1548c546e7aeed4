import { basename, join } from "node:path";
import { cacheFolder } from "../files/cache-folder";
import { readConnection } from "./protocol/connection";
import { Kernel } from "./kernel";

/**
 * Runs a kernel until it is asked to end: what a kernelspec starts.
 *
 * @param connectionFile where Jupyter says how to reach it
 */
export async function main(connectionFile: string): Promise<void> {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  // Whatever a message or a cell brings about here, the variables of the notebook are worth more than a clean end.
  const survive = (error: unknown) => log(`Internal: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`); // prettier-ignore
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
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
  endWithParent(() => void end());
  kernel = await Kernel.start({
    connection: readConnection(connectionFile),
    folder: process.cwd(),
    id: /^kernel-(.+)\.json$/.exec(basename(connectionFile))?.[1] ?? null,
    log,
    historyFile: join(cacheFolder(), "kernel", "history.jsonl"),
    onShutdown: () => void end(),
  });
}

/** Ends the kernel when who started it is gone, as Jupyter asks for by `JPY_PARENT_PID`: nobody else would. */
function endWithParent(end: () => void): void {
  const parent = Number(process.env["JPY_PARENT_PID"]);
  if (!(parent > 1)) return;
  const timer = setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EPERM") return;
      clearInterval(timer);
      end();
    }
  }, 1000);
  timer.unref();
}
