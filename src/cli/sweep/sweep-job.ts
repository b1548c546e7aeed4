import { readJobTask } from "../../sweeps/slurm/job-list";
import { runJob } from "../../sweeps/slurm/run-job";

const say = (text: string) => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);

/** Runs the task of this array element; returns the job's exit code. */
export async function sweepJob(list: string): Promise<number> {
  const task = readJobTask(list, Number(process.env["SLURM_ARRAY_TASK_ID"] ?? 0));
  say(`${task.id} on ${process.env["SLURMD_NODENAME"] ?? "this machine"}`);
  return runJob(task, { say });
}

/** Goes on with a sweep once an analysis has shown which of its trials are one. */
export async function sweepAdvance(folder: string): Promise<number> {
  const { advanceOnSlurm } = await import("../../sweeps/slurm/run-on-slurm.js");
  const { Sweep } = await import("../../sweeps/sweep.js");
  const state = await advanceOnSlurm(new Sweep(folder));
  say(`${state.trials.done} of ${state.trials.total} trials done`);
  return 0;
}
