import { EXIT } from "../spec/exit-codes";

/**
 * Runs a task that an interrupt (Ctrl-C) or a termination stops cleanly: the task's signal is aborted, and once it has
 * ended the process exits with the code that shells expect. A second interrupt ends the process at once.
 */
export async function untilInterrupted<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let exitCode = 0;
  const stop = (name: NodeJS.Signals) => {
    if (exitCode !== 0) process.exit(exitCode);
    exitCode = name === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await task(controller.signal);
  } catch (error) {
    if (exitCode === 0) throw error;
    process.stderr.write("gradamp: interrupted\n");
    process.exit(exitCode);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
