import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who writes a run. */
export interface ProcessIdentity {
  readonly host: string;
  /**
   * What a process number is good in: host, boot and PID namespace, since containers may share a host's name and two
   * boots its numbers.
   */
  readonly machine: string;
  readonly pid: number;
  /** When the process began, in the system's ticks, so that a number given anew is told apart; null where unknown. */
  readonly ticks: string | null;
  /** The batch system's name of the job, as "slurm 1234_5"; null outside of one. */
  readonly job: string | null;
}

/** This process. */
export function processIdentity(): ProcessIdentity {
  const read = (of: () => string) => {
    try {
      return of();
    } catch {
      return "";
    }
  };
  const boot = read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = read(() => readlinkSync("/proc/self/ns/pid"));
  return {
    host: hostname(),
    machine: [hostname(), boot, namespace].filter((part) => part !== "").join(" "),
    pid: process.pid,
    ticks: processState(process.pid)?.ticks ?? null,
    job: job(process.env),
  };
}

/** State letter and start of a process, from Linux's /proc; null where there is no such process, or no /proc. */
export function processState(pid: number): { state: string; ticks: string } | null {
  try {
    // The second field is the command in parentheses and may hold anything, so what follows it is counted from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", ticks: fields[19] ?? "" };
  } catch {
    return null;
  }
}

function job(environment: NodeJS.ProcessEnv): string | null {
  const { SLURM_JOB_ID, SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID, PBS_JOBID, LSB_JOBID } = environment;
  if (SLURM_ARRAY_JOB_ID) return `slurm ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}`;
  if (SLURM_JOB_ID) return `slurm ${SLURM_JOB_ID}`;
  if (PBS_JOBID) return `pbs ${PBS_JOBID}`;
  return LSB_JOBID ? `lsf ${LSB_JOBID}` : null;
}
