import { join } from "node:path";

import { FRESH_SEEDS, type Paper, type ReproductionOptions, type TrialSpec } from "../../experiments";
import type { Sweep } from "../../sweeps";
import { fail } from "../failure";
import { formatSeconds } from "../../progress/format-amounts";
import type { ReproduceFlags } from "./reproduce-flags";
import { checkEngine, runSweep } from "../sweep/run-sweep";
import { openSweep } from "../sweep/sweep";
import { chooseAgain } from "./choose-again";
import { type AskedReadings, type ReadReport, readingName, readingsOf, writeReadings } from "./readings";
import { type Report, TITLES, writeReport } from "./write-report";
import { EXIT } from "../../spec/exit-codes";

/** Runs `gradamp reproduce` under every reading that is asked for, side by side where there are several; returns the exit code. */
export async function reproduce(paper: string, asked: AskedReadings, flags: ReproduceFlags): Promise<number> {
  const readings = readingsOf(asked);
  const [only] = readings;
  if (readings.length === 1) {
    if (flags.power) return power(paper, { ...flags, ...only });
    const { code, report } = await reproduceOne(paper, { ...flags, ...only });
    if (report === null) return code;
    process.stdout.write(flags.json ? `${JSON.stringify(report.json, null, 2)}\n` : report.text);
    return code;
  }
  if (flags.json && (flags.power || flags.dryRun || flags.cancel)) {
    fail(
      "Expected one reading with --json and --dry-run, --power or --cancel but found several: ask for one at a time",
    );
    return EXIT.usage;
  }
  const folder = flags.out ?? join("runs", `${folderName(paper, flags)}-readings`);
  const reports: ReadReport[] = [];
  let worst = 0;
  for (const [at, reading] of readings.entries()) {
    const name = readingName(reading);
    process.stderr.write(`${name}, ${at + 1} of ${readings.length} readings\n`);
    const own = { ...flags, ...reading, out: join(folder, name) };
    const { code, report } = flags.power
      ? { code: await power(paper, own), report: null }
      : await reproduceOne(paper, own);
    if (code > 1) return code;
    worst = Math.max(worst, code);
    if (report !== null) reports.push({ reading, report });
  }
  if (reports.length === 0) return worst;
  const { path, text, json } = writeReadings(folder, `${TITLES[paper as Paper]}, scale ${flags.scale}`, reports);
  process.stdout.write(flags.json ? `${JSON.stringify(json, null, 2)}\n` : text);
  process.stderr.write(`${path}\n`);
  return worst;
}

/** A reproduction under one reading: its exit code, and its report where there is one. */
async function reproduceOne(paper: string, flags: ReproduceFlags): Promise<{ code: number; report: Report | null }> {
  const began = performance.now();
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
    return { code: EXIT.usage, report: null };
  }
  if (!flags.dryRun) await demandData(trials);
  let end = await runSweep(sweep, flags);
  if (flags.dryRun || flags.cancel) return { code: end.code, report: null };

  // What is best by validation is only known now; it is run with fresh seeds, which the baselines have, too.
  const reruns =
    end.code === 0 || end.code === 1 ? chooseAgain(sweep, paper as Paper, flags.seeds ?? FRESH_SEEDS[flags.scale]) : [];
  if (reruns.length > 0) {
    process.stderr.write(`Running what was chosen with fresh seeds: ${reruns.map(({ id }) => id).join(", ")}\n`);
    sweep = await openSweep(folder, [...trials, ...reruns], flags);
    end = await runSweep(sweep, flags);
  }
  if (end.code !== 0 && end.code !== 1) return { code: end.code, report: null };
  const seconds = (performance.now() - began) / 1000;
  const report = await writeReport(sweep, paper as Paper, { scale: flags.scale, seconds });
  process.stderr.write(`${report.path}, after ${formatSeconds(seconds)}\n`);
  return { code: end.code, report };
}

function optionsOf({
  scale,
  models,
  part,
  scope,
  weightDecay,
  split,
  readingOfG,
  seeds,
}: ReproduceFlags): ReproductionOptions {
  return {
    scale,
    models: models ?? null,
    ...(part === undefined ? {} : { part }),
    ...(scope === undefined ? {} : { scope }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(split === undefined ? {} : { split }),
    ...(readingOfG === undefined ? {} : { readingOfG }),
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
    return EXIT.usage;
  }
}

/** A folder of its own for each way to ask. */
function folderName(
  paper: string,
  { scale, models, part, scope, weightDecay, split, readingOfG, seeds }: ReproduceFlags,
): string {
  const own = [
    models?.join("+"),
    part,
    scope,
    weightDecay === undefined ? null : `decay-${weightDecay}`,
    split,
    readingOfG === undefined ? null : `reading-${readingOfG}`,
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
