import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";

import { mayPass, SlurmError } from "./slurm-error";

/** What the queue says of a job, or an element of an array. */
export interface SlurmJob {
  /** "12" or "12_3". */
  readonly id: string;
  /** "PENDING", "RUNNING", "COMPLETED", "CANCELLED", "NODE_FAIL", … */
  readonly state: string;
  readonly node: string | null;
  /** Why it waits or how it ended, in Slurm's words. */
  readonly reason: string | null;
  /** What its script ended with; null where a signal ended it, or it is not known. */
  readonly exitCode: number | null;
}

/** Whether a job in such a state is, or will be, at work. */
export const isAlive = (state: string): boolean =>
  /^(PENDING|RUNNING|SUSPENDED|COMPLETING|CONFIGURING|REQUEUED|REQUEUE_FED|REQUEUE_HOLD|RESIZING|SIGNALING|STAGE_OUT|STOPPED)$/.test(state); // prettier-ignore

const execute = promisify(execFile);

async function slurm(command: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(command, [...words], { encoding: "utf8", maxBuffer: 2 ** 28 });
    return stdout;
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    const options = { cause: error };
    if (code === "ENOENT")
      throw new SlurmError(
        `Expected Slurm's ${command} but found none on the PATH: use --engine local, or a login node`,
        false,
        options,
      );
    const said = (stderr ?? "").trim() || message;
    // "EAGAIN": the login node has no process to spare.
    throw new SlurmError(`${command} failed: ${said}`, mayPass(said) || code === "EAGAIN", options);
  }
}

/** Submits a script; returns the job's id. */
export async function sbatch(script: string): Promise<string> {
  const answer = (await slurm("sbatch", ["--parsable", script])).trim();
  // "12;cluster" where there are several clusters.
  const [, id] = /^(\d+)(;\S*)?$/.exec(answer) ?? [];
  if (!id) throw new Error(`Expected sbatch to answer with a job's id but found ${JSON.stringify(answer)}`);
  return id;
}

/** This user's jobs by id, ended ones as long as the controller remembers them. */
export async function squeue(): Promise<Map<string, SlurmJob>> {
  const user = `--user=${userInfo().username}`;
  return parseQueue(await slurm("squeue", [user, "--noheader", "--array", "--states=all", "--format=%i|%T|%N|%r"]));
}

/** Lines of `squeue --format=%i|%T|%N|%r`. */
export function parseQueue(text: string): Map<string, SlurmJob> {
  const jobs = new Map<string, SlurmJob>();
  for (const line of text.split("\n")) {
    const [id = "", state = "", node = "", reason = ""] = line.trim().split("|");
    if (!/^\d+(_\d+)?$/.test(id)) continue;
    jobs.set(id, {
      id,
      state,
      node: node || null,
      reason: reason && reason !== "None" ? reason : null,
      exitCode: null,
    });
  }
  return jobs;
}

/** What the controller says of a job that has ended; null where it has forgotten it. */
export async function scontrolShow(id: string): Promise<SlurmJob | null> {
  try {
    return parseJob(id, await slurm("scontrol", ["show", "job", id]));
  } catch {
    return null;
  }
}

/** The first record of `scontrol show job`. */
export function parseJob(id: string, text: string): SlurmJob | null {
  const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(text)?.[1] ?? null;
  const state = field("JobState");
  if (state === null) return null;
  const { exitCode, how } = exitOf(field("ExitCode"));
  const reason = field("Reason");
  const words = [how, reason !== "None" ? reason : null].filter((word) => word !== null);
  const node = field("NodeList");
  return {
    id,
    state,
    node: node === "(null)" || node === "" ? null : node,
    reason: words.length > 0 ? words.join(", ") : null,
    exitCode,
  };
}

/** "7:0" is an exit code, "0:9" a signal. */
function exitOf(text: string | null): { exitCode: number | null; how: string | null } {
  const [code = 0, signal = 0] = (text ?? "0:0").split(":").map(Number);
  if (signal !== 0) return { exitCode: null, how: `signal ${signal}` };
  return { exitCode: code, how: code === 0 ? null : `exit code ${code}` };
}

/** What accounting says of jobs; null where it is switched off or does not answer. */
export async function sacct(ids: readonly string[]): Promise<Map<string, SlurmJob> | null> {
  if (ids.length === 0) return new Map();
  try {
    const format = "--format=JobID,State,NodeList,ExitCode";
    return parseAccounts(await slurm("sacct", ["--noheader", "--parsable2", "-X", format, `--jobs=${ids.join(",")}`]));
  } catch {
    return null;
  }
}

/** Lines of `sacct --parsable2 --format=JobID,State,NodeList,ExitCode`. */
export function parseAccounts(text: string): Map<string, SlurmJob> {
  const jobs = new Map<string, SlurmJob>();
  for (const line of text.split("\n")) {
    const [id = "", said = "", node = "", exit = "0:0"] = line.trim().split("|");
    if (!/^\d+(_\d+)?$/.test(id)) continue;
    // "CANCELLED by 1000".
    const state = said.split(" ")[0] ?? "";
    const { exitCode, how } = exitOf(exit);
    jobs.set(id, { id, state, node: node === "None assigned" ? null : node || null, reason: how, exitCode });
  }
  return jobs;
}

/** The most elements that an array of this cluster can have; Slurm's default where it does not say. */
export async function maxArraySize(): Promise<number> {
  try {
    const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(await slurm("scontrol", ["show", "config"])) ?? [];
    // Indices go up to one less than MaxArraySize.
    return size === undefined ? 1000 : Math.max(1, Number(size) - 1);
  } catch {
    return 1000;
  }
}

export async function scancel(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await slurm("scancel", ids);
}

/** Ends a running job and puts it back into the queue. */
export async function requeue(id: string): Promise<void> {
  await slurm("scontrol", ["requeue", id]);
}
