import { Socket } from "node:net";
import { Worker, isMainThread, workerData } from "node:worker_threads";
import { sharedState, type SharedState } from "./shared-state";
import { signalGroup } from "./signal-group";

interface WatchdogData {
  readonly gradampWatchdog: true;
  readonly shared: SharedState;
  readonly descriptor: number;
}

/** How long code may take to notice an interrupt before a signal is sent, in milliseconds. */
const patience = 500;

/**
 * Starts a thread that hears interrupts while cells keep the main thread busy, and ends the process with the kernel.
 *
 * Each byte on the pipe is an interrupt. Code that does not notice it soon (a loop in a library, a child process that
 * is waited for synchronously) gets a signal, which ends the synchronous part of a cell and child processes.
 *
 * @param descriptor a pipe from the kernel
 */
export function startWatchdog(shared: SharedState, descriptor: number): void {
  const data: WatchdogData = { gradampWatchdog: true, shared, descriptor };
  new Worker(__filename, { workerData: data, stdout: true, stderr: true, execArgv: [] }).unref();
}

function watch({ shared, descriptor }: WatchdogData): void {
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  const gone = () => process.kill(process.pid, "SIGKILL");
  pipe.on("data", (bytes) => {
    const request = Atomics.add(shared, sharedState.requests, bytes.length) + bytes.length;
    setTimeout(() => {
      if (Atomics.load(shared, sharedState.noticed) < request) signalGroup();
    }, patience).unref();
  });
  pipe.on("close", gone);
  pipe.on("error", gone);
}

const data = workerData as WatchdogData | null;
if (!isMainThread && data?.gradampWatchdog) watch(data);
