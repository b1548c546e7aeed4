import { join } from "node:path";

import { FRESH_SEEDS, type Paper, type ReproductionOptions, type TrialSpec } from "../../experiments";
import type { Sweep } from "../../sweeps";
import { fail } from "../failure";
import { formatSeconds } from "../../progress/format-amounts";
import type { ReproduceFlags } from "./reproduce-flags";
import { checkEngine, runSweep } from "../sweep/run-sweep";
import { openSweep } from "../sweep/sweep";
import { chooseAgain } from "./choose-again";
import { writeReport } from "./write-report";

/** Runs `gradamp reproduce`; returns the exit code. */
export async function reproduce(paper: string, flags: ReproduceFlags): Promise<number> {
  const began = performance.now();
  if (flags.power) return power(paper, flags);
  let trials: TrialSpec[];
  let sweep: Sweep;
  const folder = flags.out ?? join("runs", folderName(paper, flags));
  try {
    const { reproductionTrials } = await import("../../experiments/reproduction-trials.js");
    trials = reproductionTrials(paper as Paper, optionsOf(flags));
    if (trials.length === 0) throw new RangeError("Expected trials but found none: choose another part or network");
    await checkEngine(flags);
    sweep = await openSweep(folder, await withReruns(folder, trials, flags), flags);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    fail(error.message);
    return 2;
  }
  if (!flags.dryRun) await demandData(trials);
  let end = await runSweep(sweep, flags);
  if (flags.dryRun || flags.cancel) return end.code;

  // What is best by validation is only known now; it is run with fresh seeds, which the baselines have, too.
  const reruns =
    end.code === 0 || end.code === 1 ? chooseAgain(sweep, paper as Paper, flags.seeds ?? FRESH_SEEDS[flags.scale]) : [];
  if (reruns.length > 0) {
    process.stderr.write(`Running what was chosen with fresh seeds: ${reruns.map(({ id }) => id).join(", ")}\n`);
    sweep = await openSweep(folder, [...trials, ...reruns], flags);
    end = await runSweep(sweep, flags);
  }
  if (end.code !== 0 && end.code !== 1) return end.code;
  const seconds = (performance.now() - began) / 1000;
  const report = await writeReport(sweep, paper as Paper, { scale: flags.scale, seconds });
  process.stdout.write(flags.json ? `${JSON.stringify(report.json, null, 2)}\n` : report.text);
  process.stderr.write(`${report.path}, after ${formatSeconds(seconds)}\n`);
  return end.code;
}

function optionsOf({ scale, models, part, scope, weightDecay, split, seeds }: ReproduceFlags): ReproductionOptions {
  return {
    scale,
    models: models ?? null,
    ...(part === undefined ? {} : { part }),
    ...(scope === undefined ? {} : { scope }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(split === undefined ? {} : { split }),
    ...(seeds === undefined ? {} : { seeds }),
  };
}

/** Says what the reproduction could show, before an hour of computing. */
async function power(paper: string, flags: ReproduceFlags): Promise<number> {
  const { reproductionPower } = await import("../../sweeps/reproduction-power.js");
  const { powerText } = await import("./power-text.js");
  try {
    const table = reproductionPower(paper as Paper, { ...optionsOf(flags), tables: flags.tables ?? 100 });
    process.stdout.write(
      flags.json ? `${JSON.stringify(table.objects({ limit: Infinity }), null, 2)}\n` : powerText(table),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    fail(error.message);
    return 2;
  }
}

/** A folder of its own for each way to ask. */
function folderName(paper: string, { scale, models, part, scope, weightDecay, split, seeds }: ReproduceFlags): string {
  const own = [
    models?.join("+"),
    part,
    scope,
    weightDecay === undefined ? null : `decay-${weightDecay}`,
    split,
    seeds === undefined ? null : `seeds-${seeds}`,
  ];
  return ["reproduce", paper, scale, ...own].filter(Boolean).join("-");
}

/** The trials with the reruns that an earlier call chose, so that the folder's trials stay as they are. */
async function withReruns(folder: string, trials: readonly TrialSpec[], flags: ReproduceFlags): Promise<TrialSpec[]> {
  const { existsSync } = await import("node:fs");
  if (!existsSync(join(folder, "sweep.json"))) return [...trials];
  const before = await openSweep(folder, null, { ...flags, dryRun: true });
  return [...trials, ...before.trials.filter((old) => old.part === "rerun" && !trials.some(({ id }) => id === old.id))];
}

/** CIFAR is asked for before hundreds of processes do. */
async function demandData(trials: readonly TrialSpec[]): Promise<void> {
  const { presentDatasets } = await import("../../datasets/cifar/present-datasets.js");
  const present = new Set(presentDatasets().flatMap(({ name, present: here }) => (here ? [name as string] : [])));
  const lacking = [...new Set(trials.map(({ data }) => data.name))].filter(
    (name) => name !== "embedded" && !present.has(name),
  );
  if (lacking.length > 0)
    throw new Error(
      `Expected ${lacking.join(" and ")} but found none: run \`gradamp data download ${lacking[0]}\`, or point GRADAMP_DATA at the folder that holds it`,
    );
}
