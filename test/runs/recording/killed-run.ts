import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, type FSWatcher, mkdirSync, readdirSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readRun, readRunInfo, runStatus } from "../../../src/runs";
import { listCheckpoints, readCheckpoint } from "../../../src/runs/checkpoints/checkpoint";
import { temporaryFolder } from "../support";
import { numbers } from "./support";

const gradamp = join(__dirname, "..", "..", "..", "..", "bin", "gradamp.cjs");

/** Six epochs with layers drawn at random and layers chosen by gradients, the optimizer emptied between stages. */
export const trial = {
  model: { name: "vgg08-bn", options: { classes: 10, width: 4 } },
  dataset: { name: "embedded", classes: 10, augmentation: { pad: 2, flip: true }, train: 60, validation: 20, test: 20, seed: 0 }, // prettier-ignore
  seed: 5,
  batchSize: 20,
  stages: {
    list: [
      [2, 0.05, 0, 1],
      [6, 0.05, 1, 2],
    ],
    group: null,
    scope: "backprop",
    resetOptimizer: true,
    intelligent: { directionality: "G", sides: "both", threshold: 0.5, reselect: { epochs: 2 }, analyse: "continue" },
  },
  measure: { statistics: ["gradientFlow", "histogram"] },
};

/** Begins or takes up the run, as anybody would: by the same command, or by its folder alone. */
export function startTrain(folder: string, options: { by?: "config" | "folder"; env?: NodeJS.ProcessEnv } = {}) {
  const config = `${folder}.json`;
  if (!existsSync(config)) {
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(config, JSON.stringify(trial));
  }
  const how = options.by === "folder" ? ["--resume", folder] : ["--config", config, "--run", folder];
  const child = spawn(process.execPath, [gradamp, "train", ...how, "--progress", "none"], {
    env: { ...process.env, ...options.env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, output })),
  );
  return { child, ended };
}

/** What of a finished run does not depend on the clock: rows, and every tensor of its last state. */
export function outcome(folder: string) {
  const run = readRun(folder);
  const { state } = readCheckpoint(listCheckpoints(folder).at(-1)!);
  const { best, stages, options, status, nonFinite } = readRunInfo(folder);
  return {
    ...numbers(run),
    histograms: run.histograms,
    tensors: [...state.tensors].map(([name, { shape, values }]) => [name, shape, [...values]]),
    info: { best, stages, options, status, nonFinite },
  };
}

/** Numbers from [0, 1) that a seed fixes. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kills runs at random moments, as many runs as it takes until so many kills came in time, and compares each in the end
 * with one that was never stopped. `GRADAMP_KILL_SEED` repeats what a diagnostic told of.
 */
export async function checkKills(t: TestContext, options: { kills: number; perRun: number }): Promise<void> {
  const folder = temporaryFolder(t);
  const plain = join(folder, "plain");
  assert.equal((await startTrain(plain).ended).code, 0);
  const expected = outcome(plain);
  const seed = Number(process.env["GRADAMP_KILL_SEED"] ?? Date.now() % 2 ** 31);
  const random = randomNumbers(seed);
  const all: number[] = [];
  for (let run = 0; all.length < options.kills; run++) {
    assert.ok(run < options.kills, `only ${all.length} kills in ${run} runs came in time`);
    const killed = join(folder, `killed-${run}`);
    const epochs = await trainWithKills(killed, { kills: options.perRun, random });
    assert.deepEqual(outcome(killed), expected, `seed ${seed}, run ${run}, kills after ${epochs.join(", ")} epochs`);
    assert.equal(readRunInfo(killed).status, "finished");
    all.push(...epochs);
    t.diagnostic(`run ${run}: ${epochs.length} kills`);
  }
  const histogram = [-1, 0, 1, 2, 3, 4, 5, 6].map((epoch) => all.filter((found) => found === epoch).length);
  t.diagnostic(`seed ${seed}: ${all.length} kills; by saved epochs (-1: no run yet, 0 … 6): ${histogram.join(", ")}`);
}

/**
 * Trains with SIGKILLs at random moments until the run has ended.
 *
 * @returns for every kill that came in time, how many epochs were saved by then; -1 before there was a run
 */
async function trainWithKills(folder: string, options: { kills: number; random: () => number }): Promise<number[]> {
  const { random } = options;
  const epochs: number[] = [];
  for (;;) {
    const isRun = existsSync(join(folder, "run.json"));
    if (isRun && ["finished", "diverged"].includes(await runStatus(folder))) break;
    const { child, ended } = startTrain(folder, { by: isRun && random() < 0.5 ? "folder" : "config" });
    if (epochs.length < options.kills) {
      // Where it ends before the moment comes, nobody waits for that any longer.
      const over = new AbortController();
      await Promise.race([randomMoment(folder, random, over.signal), ended]);
      over.abort();
      child.kill("SIGKILL");
    }
    const { code, output } = await ended;
    if (code === null) {
      epochs.push(existsSync(join(folder, "run.json")) ? (readRunInfo(folder).progress?.epoch ?? 0) : -1);
    } else if (code !== 0) throw new Error(`Expected exit code 0 but found ${code}: ${output}`);
  }
  return epochs;
}

/**
 * Some kills come at any time from the start of the process, most of which it spends loading; some after the process
 * has begun to write; and some right at one of its changes to the folder, which is where something could be torn.
 */
async function randomMoment(folder: string, random: () => number, signal: AbortSignal): Promise<void> {
  const kind = random();
  if (kind < 0.15) return sleep(3000 * random());
  if (kind < 0.5) {
    await change(folder, 0, signal);
    return sleep(1500 * random());
  }
  return change(folder, Math.floor(300 * random()), signal);
}

/** Settles at the nth change beneath a folder, or with the signal. */
async function change(folder: string, nth: number, signal: AbortSignal): Promise<void> {
  const watchers: FSWatcher[] = [];
  const watched = new Set<string>();
  let seen = 0;
  try {
    while (seen <= nth && !signal.aborted) {
      const folders = existsSync(folder) ? [folder, ...readdirSync(folder).map((name) => join(folder, name))] : [];
      for (const path of folders) {
        if (watched.has(path) || path.endsWith(".json")) continue;
        watched.add(path);
        try {
          watchers.push(watch(path, () => seen++));
        } catch {
          // It was there for a moment only.
        }
      }
      await sleep(1);
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

/** Ends a child and waits until it is gone. */
export async function endProcess(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}
