/**
 * Behaves as `gradamp train` does towards a sweep, without training: an epoch takes a few milliseconds.
 *
 * FAKE_FAULTS names a JSON file, run's folder name → what happens in its first, second, … process: "crash" (after an
 * epoch), "kill" (SIGKILL to itself), "usage" (exit 2), "diverge", "stop" (as on SIGTERM), "hang" (no progress); null: nothing.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { writeFileAtomically } from "../../src/files/write-file-atomically";
import type { TrialSpec } from "../../src/experiments";
import { type FakeState, hash, trainEpoch } from "./fake-numbers";

interface Info extends FakeState {
  name: string;
  model: string;
  parameters: number;
  dataset: string;
  options: object;
  status: string;
  config: unknown;
  progress: { epoch: number; epochs: number; updated: string };
  sessions: { pid: number; started: string; epoch: number; peakMemory?: number }[];
  from: unknown;
  error?: string;
}
type Config = TrialSpec & { run?: { until?: number }; from?: string };

const { values } = parseArgs({
  options: { config: { type: "string" }, run: { type: "string" }, progress: { type: "string" } },
});
const folder = values.run ?? "";
const file = join(folder, "run.json");
const trial = JSON.parse(readFileSync(values.config ?? "", "utf8")) as Config;
const read = () => JSON.parse(readFileSync(file, "utf8")) as Info;
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // A zombie, too, answers to signal 0.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

let info: Info;
if (existsSync(file)) {
  info = read();
  if (hash(info.config) !== hash(trial)) end(2, "gradamp: the config differs");
  if (info.status === "finished" || info.progress.epoch >= (trial.run?.until ?? Infinity)) end(0);
  if (info.status === "diverged") end(3);
  if (info.status === "running" && alive(info.sessions.at(-1)?.pid ?? 0)) end(4);
} else {
  info = {
    name: trial.name,
    model: trial.model.name,
    parameters: 1,
    dataset: trial.data.name,
    options: {},
    status: "running",
    config: trial,
    progress: { epoch: 0, epochs: trial.epochs, updated: new Date().toISOString() },
    sessions: [],
    from: null,
    losses: [],
    ratios: {},
  };
  if (trial.from) {
    const [, parent = "", at = ""] = /^(.*)@(\d+)$/.exec(trial.from) ?? [];
    const origin = JSON.parse(readFileSync(join(parent, "run.json"), "utf8")) as Info;
    if (origin.progress.epoch < Number(at)) end(2, `gradamp: ${parent} has no epoch ${at}`);
    info.from = { run: parent, epoch: Number(at) };
    info.losses = origin.losses.slice(0, Number(at));
    info.progress.epoch = Number(at);
    info.ratios = origin.ratios;
  }
}
info.status = "running";
info.sessions.push({ pid: process.pid, started: new Date().toISOString(), epoch: info.progress.epoch });
const faults = process.env["FAKE_FAULTS"] ? (JSON.parse(readFileSync(process.env["FAKE_FAULTS"], "utf8")) as Record<string, (string | null)[]>) : {}; // prettier-ignore
const fault = faults[basename(folder)]?.[info.sessions.length - 1] ?? null;
if (process.env["FAKE_TRACE"]) {
  const { CUDA_VISIBLE_DEVICES: gpu = null, TF_NUM_INTRAOP_THREADS: threads = null } = process.env;
  appendFileSync(
    process.env["FAKE_TRACE"],
    `${JSON.stringify({ run: basename(folder), pid: process.pid, gpu, threads })}\n`,
  );
}
if (fault === "usage") end(2, "gradamp: Expected an option but found none");
save();

let stopped: number | null = null;
process
  .on("SIGTERM", () => (stopped = 75))
  .on("SIGUSR1", () => (stopped = 75))
  .on("SIGINT", () => (stopped = 130));
void train();

async function train(): Promise<void> {
  const last = trial.run?.until ?? trial.epochs;
  for (let epoch = info.progress.epoch + 1; epoch <= last; epoch++) {
    await sleep(Number(process.env["FAKE_EPOCH_MS"] ?? 5));
    while (fault === "hang" && stopped === null) await sleep(20);
    if (stopped !== null || fault === "stop") {
      info.status = "interrupted";
      save();
      end(stopped ?? 75);
    }
    trainEpoch(trial, info, epoch);
    info.progress = { epoch, epochs: trial.epochs, updated: new Date().toISOString() };
    save();
    if (fault === "kill") process.kill(process.pid, "SIGKILL");
    if (fault === "crash" || fault === "diverge") {
      info.status = fault === "crash" ? "failed" : "diverged";
      if (fault === "crash") info.error = "out of memory in epoch " + epoch;
      save();
      end(fault === "crash" ? 1 : 3, fault === "crash" ? "gradamp: out of memory" : "");
    }
  }
  info.status = last === trial.epochs ? "finished" : "interrupted";
  save();
  end(0);
}

function save(): void {
  const session = info.sessions.at(-1);
  if (session) session.peakMemory = 50 * 2 ** 20;
  writeFileAtomically(file, JSON.stringify(info));
}

function end(code: number, message = ""): never {
  if (message) process.stderr.write(`${message}\n`);
  process.exit(code);
}
