import { Socket } from "node:net";
import { Worker, isMainThread, workerData } from "node:worker_threads";
import { BellReader } from "./bell";
import { giveAnswer, sharedState, type SharedState } from "./shared-state";
import { signalGroup } from "./signal-group";

interface WatchdogData {
  readonly gradampWatchdog: true;
  readonly shared: SharedState;
  readonly answer: Uint8Array<SharedArrayBuffer>;
  readonly descriptor: number;
}

/** How long code may take to notice an interrupt before a signal is sent, in milliseconds. */
const patience = 500;

/**
 * Starts a thread that hears interrupts while cells keep the main thread busy, and ends the process with the kernel.
 *
 * Code that does not notice it soon (a loop in a library, a child process that
 * is waited for synchronously) gets a signal, which ends the synchronous part of a cell and child processes.
 *
 * @param descriptor a pipe from the kernel
 */
export function startWatchdog(shared: SharedState, answer: Uint8Array<SharedArrayBuffer>, descriptor: number): void {
  const data: WatchdogData = { gradampWatchdog: true, shared, answer, descriptor };
  new Worker(__filename, { workerData: data, stdout: true, stderr: true, execArgv: [] }).unref();
}

function watch({ shared, answer, descriptor }: WatchdogData): void {
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  const gone = () => process.kill(process.pid, "SIGKILL");
  const bell = new BellReader({
    interrupts: (count) => {
      const request = Atomics.add(shared, sharedState.requests, count) + count;
      setTimeout(() => {
        if (Atomics.load(shared, sharedState.noticed) < request) signalGroup();
      }, patience).unref();
    },
    answer: (value) => giveAnswer(shared, answer, value),
  });
  pipe.on("data", (bytes) => bell.take(bytes));
  pipe.on("close", gone);
  pipe.on("error", gone);
}

const data = workerData as WatchdogData | null;
if (!isMainThread && data?.gradampWatchdog) watch(data);
