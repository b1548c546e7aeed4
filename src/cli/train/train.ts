import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { visibleText } from "../../progress/visible-text";
import { readJson } from "../../files/read-text";
// File by file: TensorFlow takes seconds to load, and how it computes must be said before.
import { firstDifference } from "../../runs/recording/first-difference";
import { readRunInfo } from "../../runs/read-run-info";
import { type RunInfo, runInfoFile } from "../../runs/run-info";
import { saysFinished } from "../../runs/says-finished";
import type { TrialSpec } from "../../experiments";
import type { Run } from "../../training";
import { dashed, readTrial, VERSION } from "../../spec";
import { describeFailure, fail } from "../failure";
import { type CommandFlags, commandFlags, renamed } from "./flags";
import { StopSignals } from "./stop-signals";
import { trainProgress } from "./train-progress";
import { type CompleteTrial, trialOfFlags } from "./trial-of-flags";
import { describeResult, type TrainResult, trainResult } from "./train-result";
import { EXIT } from "../../spec/exit-codes";

/** What ends a command line that makes no sense. */
class UsageError extends Error {}

/** Runs `gradamp train`; returns the exit code. */
export async function train(given: Readonly<Record<string, unknown>>): Promise<number> {
  let flags: CommandFlags;
  let said: Readonly<Record<string, unknown>>;
  try {
    said = renamed(given, (note) => void process.stderr.write(`gradamp: ${note}\n`));
    flags = commandFlags(said);
    if (flags.resume !== undefined) checkResume(said);
  } catch (error) {
    fail((error as Error).message);
    return EXIT.usage;
  }
  const signals = new StopSignals();
  // Said whatever is shown of the progress: that a checkpoint was damaged is no progress.
  const say = (text: string) =>
    void process.stderr.write(visibleText(`${flags.progress === "json" ? JSON.stringify({ event: "note", text }) : text}\n`)); // prettier-ignore
  try {
    const place = flags.resume ?? flags.run ?? null;
    const found =
      place !== null && !flags.overwrite && existsSync(join(place, runInfoFile)) ? readRunInfo(place) : null;
    const config = readConfig(flags.config);
    const asked =
      flags.resume === undefined
        ? await usage(() => trialOfFlags(said, config, flags.config === undefined ? undefined : dirname(flags.config)))
        : null;
    prepareTensorFlow(found, asked?.run.deterministic ?? false);
    if (flags.dryRun && asked) {
      process.stdout.write(`${JSON.stringify({ version: VERSION, ...asked.trial, run: asked.run, ...(asked.from ? { from: `${asked.from.run}@${asked.from.epoch}` } : {}) }, null, 2)}\n`); // prettier-ignore
      return 0;
    }
    const folder = place ?? defaultFolder(asked!);
    if (flags.resume !== undefined && !found) throw new UsageError(`Expected a run in ${folder} but found none`);
    if (found && hasEnded(found, flags.until ?? asked?.run.until ?? null))
      return report(flags, ended(folder, found, asked));
    const run = await usage(() => begin(folder, asked, flags, { onNote: say, signal: signals.signal }));
    const unfollow = trainProgress(run, flags.progress);
    await run.finished.finally(unfollow);
    return report(flags, trainResult(folder), signals.exitCode);
  } catch (error) {
    if (signals.exitCode !== 0 && signals.signal.reason === error) return signals.exitCode;
    const { name } = error as Error;
    const { message, remedy } = describeFailure(error);
    fail(message, remedy);
    if (process.env["GRADAMP_DEBUG"]) console.error(error);
    if (error instanceof UsageError) return EXIT.usage;
    return name === "RunHeldError" || name === "LeaseLostError" ? 4 : 1;
  } finally {
    signals.release();
  }
}

/** A wrong value that shows before training begins is a wrong command line. */
async function usage<Value>(task: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** What may stand beside --resume; anything else would do nothing. */
const BESIDE_RESUME: readonly string[] = ["resume", "until", "progress", "json"];

function checkResume(said: Readonly<Record<string, unknown>>): void {
  const more = Object.entries(said).find(([name]) => !BESIDE_RESUME.includes(name));
  if (more)
    throw new TypeError(`Expected --resume alone but found more (--${more[1] === false ? "no-" : ""}${dashed(more[0])}): the run's folder says what it is`); // prettier-ignore
}

function readConfig(file: string | undefined): unknown {
  if (file === undefined) return {};
  try {
    return readJson(file);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function defaultFolder({ trial }: CompleteTrial): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return join("runs", `${trial.model.name}-${time}`);
}

/** Whether a run is at its end, or as far as it shall come. */
function hasEnded(info: RunInfo, until: number | null): boolean {
  const { status, progress } = info;
  if (saysFinished(info) || status === "diverged") return true;
  return status === "interrupted" && until !== null && (progress?.epoch ?? 0) >= until;
}

/** A run that is at its end needs nothing but to be the one that was asked for. */
function ended(folder: string, info: RunInfo, asked: CompleteTrial | null): TrainResult {
  const { trial, run } = (info["config"] ?? {}) as { run?: object; trial?: object };
  // What version 1 kept beside the trial is part of it.
  const before = trial && (readTrial({ ...trial, ...(run ? { run } : {}) }) as TrialSpec);
  const difference = asked && firstDifference(before && deciding(before), deciding(asked.trial));
  if (difference) {
    const [path, there, here] = difference;
    throw new UsageError(
      `Expected the run in ${folder}, which has ended with ${path} ${JSON.stringify(there)}, but found ${JSON.stringify(here)}: choose another folder`,
    );
  }
  return trainResult(folder);
}

/** What decides a trial's numbers, as plain JSON. */
function deciding({ id: _, name: __, paper: ___, part: ____, labels: _____, testWeights: ______, ...rest }: TrialSpec) {
  return JSON.parse(JSON.stringify(rest)) as unknown;
}

/** Threads and determinism are read from the environment when TensorFlow is loaded, which is later. */
function prepareTensorFlow(found: RunInfo | null, asked: boolean): void {
  const kept = (found?.["save"] as { deterministic?: boolean } | undefined)?.deterministic ?? false;
  if (asked || kept) process.env["TF_DETERMINISTIC_OPS"] ??= "1";
  // Sums depend on the number of threads in their last digits, so a run goes on with as many as it began with.
  const threads = found?.sessions?.[0]?.device?.threads;
  if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threads);
}

async function begin(
  folder: string,
  asked: CompleteTrial | null,
  flags: CommandFlags,
  { onNote, signal }: { onNote: (text: string) => void; signal: AbortSignal },
): Promise<Run> {
  const until = flags.until ?? asked?.run.until ?? null;
  if (!asked) {
    const { startResuming } = await import("../../runs/index.js");
    return (await startResuming(folder, { until, onNote, train: { signal } })).run;
  }
  const { recordTraining } = await import("../../runs/index.js");
  const { openTrial, trainOptions } = await import("../../experiments/index.js");
  const { trial, run, from } = asked;
  const options = { ...trainOptions(trial), signal };
  const { model, data } = await openTrial(trial);
  return recordTraining(model, data, options, {
    ...run,
    folder,
    from,
    until,
    onNote,
    overwrite: flags.overwrite ?? false,
    config: { trial, run },
  });
}

function report(flags: CommandFlags, result: TrainResult, stopped = 0): number {
  process.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : `${describeResult(result)}\n`);
  if (result.status === "diverged") return EXIT.diverged;
  return result.status === "interrupted" ? stopped : 0;
}
