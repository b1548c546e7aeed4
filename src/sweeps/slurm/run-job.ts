import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { readRunInfo } from "../../runs/read-run-info";
import { memoryWords } from "../local/memory-words";
import { Child, lastWords } from "../local/child";
import { readTaskState } from "../task-state";
import type { JobTask } from "./job-list";
import { requeue } from "./slurm-commands";
import { EXIT } from "../../spec/exit-codes";

export interface RunJobOptions {
  /** Puts this job back into the queue, which ends this process. Default: `scontrol requeue $SLURM_JOB_ID`. */
  readonly requeue?: () => Promise<void>;
  /** Milliseconds after which a run that another process held is tried again. Default: 20,000. */
  readonly retryHeld?: number;
  /** For people who read the job's output. */
  readonly say?: (text: string) => void;
}

/** How often a run may begin at the same epoch before it is given up: its epochs are longer than the time limit. */
const MOST_STANDSTILLS = 3;
/** How often a run is found in another process's hands before the job is queued again. */
const MOST_HELD = 15;

/**
 * What a job does with its task: it trains it, starts it again once where it dies, and on the warning before the time
 * limit (SIGUSR1) saves the state and queues itself again.
 *
 * On SIGTERM, which comes before a preempted or cancelled job is killed, the state is saved too; whether the job comes
 * back is then Slurm's affair.
 *
 * @returns the job's exit code: 0 done, 3 diverged, 75 or 143 stopped with its state saved, otherwise the trial's own
 */
export async function runJob(task: JobTask, options: RunJobOptions = {}): Promise<number> {
  const { retryHeld = 20_000, say = () => {} } = options;
  let child: Child | null = null;
  let asked: "SIGUSR1" | "SIGTERM" | null = null;
  let interrupt: () => void = () => {};
  const listen = (signal: "SIGUSR1" | "SIGTERM") => {
    say(`${signal}: saving ${task.id}`);
    // Always SIGTERM: before it listens, Node takes SIGUSR1 for a call to its debugger and loses it. And only once:
    // told twice, `gradamp train` ends at once, without saving.
    if (asked === null) child?.kill("SIGTERM");
    asked = signal;
    interrupt();
  };
  const warned = () => listen("SIGUSR1");
  const terminated = () => listen("SIGTERM");
  process.on("SIGUSR1", warned).on("SIGTERM", terminated);
  try {
    let failures = 0;
    let stops = 0;
    let held = 0;
    for (;;) {
      child = new Child(task.command, { log: task.log, env: process.env });
      if (asked !== null) child.kill("SIGTERM");
      const { code, signal } = await child.ended;
      child = null;
      const { status, message, epoch } = readTaskState(task.folder, task.last);
      if (status === "done") return 0;
      if (status === "diverged") return EXIT.diverged;
      say(
        `${task.id}: ${signal ? `${signal}${memoryWords(signal, null)}` : `exit code ${code}`} after epoch ${epoch}${message === null ? "" : `, ${message}`}`,
      );
      if (asked === "SIGTERM") return EXIT.terminated;
      if (asked === "SIGUSR1" || held >= MOST_HELD) {
        if (standsStill(task.folder)) {
          say(`${task.id}: no epoch ended in ${MOST_STANDSTILLS} jobs: give it more time`);
          return EXIT.failed;
        }
        await (options.requeue ?? requeueThis)();
        return EXIT.stopped;
      }
      if (code === EXIT.usage) return EXIT.usage;
      if (code === EXIT.held) {
        held++;
        await Promise.race([sleep(retryHeld), new Promise<void>((resolve) => (interrupt = resolve))]);
      } else if (code === EXIT.stopped || code === EXIT.interrupted || code === EXIT.terminated) {
        if (++stops > 5) return EXIT.stopped;
      } else if (++failures > 1) {
        const words = lastWords(task.log);
        if (words !== null) say(words);
        return code ?? EXIT.failed;
      }
    }
  } finally {
    process.off("SIGUSR1", warned).off("SIGTERM", terminated);
  }
}

async function requeueThis(): Promise<void> {
  await requeue(process.env["SLURM_JOB_ID"] ?? "");
  // Slurm ends this process now.
  await sleep(120_000);
}

/** Whether the last processes of a run have all begun after the same epoch. */
function standsStill(folder: string): boolean {
  if (!existsSync(join(folder, "run.json"))) return false;
  const { progress, sessions = [] } = readRunInfo(folder);
  const last = sessions.slice(-MOST_STANDSTILLS);
  return last.length === MOST_STANDSTILLS && last.every(({ epoch }) => epoch === (progress?.epoch ?? 0));
}
