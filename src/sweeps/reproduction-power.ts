import { checkOptions, integer, listOf, number, whole } from "../options";
import { type ColumnTable, table } from "arquero";

import { random } from "../datasets/batches/random";
import { REPRODUCTION_KINDS, type Paper, published, type TrialSpec } from "../experiments";
import { firstRate } from "../experiments/first-rate";
import { freshSeeds, FRESH_SEEDS, type ReproductionOptions, reproductionTrials, rerunTrials } from "../experiments/reproduction-trials"; // prettier-ignore
import type { PublishedRow } from "../tables/papers/published-row";
import { kindOf } from "../tables/verbs/tolerance";
import { answers } from "../tables/reproduction/as-published";
import { runsToConfirm } from "../tables/reproduction/settings-to-confirm";
import { judgeCells } from "../tables/reproduction/reproduction-cells";
import { judgeClaims } from "../tables/reproduction/reproduction-claims";
import type { ResultRow } from "../tables/reproduction/result-row";

/** What a reproduction would run, and how far single runs scatter. */
export interface ReproductionPowerOptions extends ReproductionOptions {
  /**
   * How far single runs scatter over seeds, in fractions. Default: 0.005, 0.01 and 0.02, half a point to two points.
   */
  deviations?: readonly number[];
  /** How many tables are made up for each. Default: 200. */
  tables?: number;
  /** Of the draws. Default: 0. */
  seed?: number;
}

/**
 * What a reproduction can show, before anything is run: its whole procedure (the trials, the choice, the fresh seeds,
 * the cells, the claims) on made-up results, once where no method has any effect and once where each has the published
 * one.
 *
 * | column | |
 * |---|---|
 * | paper, scale, seeds, deviation | which procedure; `seeds` fresh seeds, single runs scattering by `deviation` |
 * | effect | "none" or "published" |
 * | questions | how many gains and orders a table asks about |
 * | falseTables | share of tables in which any gain or order is called what it is not: reproduced where there is none,
 * refuted where there is |
 * | reproduced, refuted, inconclusive | of the gains and orders of all tables, the share that is called so;
 * `reproduced` under "published" is the power |
 *
 * Runs are independent and normal. Real ones that share a seed are closer to each other, so that real pairs show more.
 * At "demo" nothing is judged.
 *
 * @param paper `"vgp"`, `"ga"` or `"iga"`
 * @param options scale, seeds, networks and the deviation of single runs
 * @throws {RangeError} if an option is out of the ranges that `reproductionTrials` names
 * @example
 * import * as ga from "gradamp";
 *
 * const power = ga.reproductionPower("ga", { scale: "short", seeds: 3, tables: 20, deviations: [0.005] });
 * console.log(ga.table.toText(power));
 */
export function reproductionPower(paper: Paper, options: ReproductionPowerOptions = {}): ColumnTable {
  checkOptions("reproductionPower", options, {
    ...REPRODUCTION_KINDS,
    deviations: listOf(
      number("to be at least 0", (found) => found >= 0, "half a point is 0.005"),
      "a list of deviations",
    ),
    tables: whole(1),
    seed: integer,
  });
  const { deviations = [0.005, 0.01, 0.02], tables = 200, seed = 0, ...what } = options;
  const scale = what.scale ?? "short";
  const cells = published(paper).objects({ limit: Infinity }) as PublishedRow[];
  // No gain and no order is about running times.
  const trials = reproductionTrials(paper, what).filter(({ part }) => part !== "time");
  const seeds = what.seeds ?? FRESH_SEEDS[scale];
  const rows = deviations.flatMap((deviation) =>
    (["none", "published"] as const).map((effect) => {
      const draws = random(seed, Math.round(1e6 * deviation), effect === "none" ? 0 : 1);
      const makeUp = madeUp(cells, effect, deviation, draws);
      const counts = { tables: 0, questions: 0, reproduced: 0, refuted: 0, inconclusive: 0 };
      for (let at = 0; at < tables; at++) {
        const results = confirmed(trials, paper, seeds, makeUp);
        const gains = judgeCells(results, cells, { scale }).filter((_, i) => kindOf(cells[i]!.quantity) === "difference"); // prettier-ignore
        const orders = judgeClaims(results, cells, { scale }).filter(({ published: printed }) => /[>–]/.test(printed));
        const asked = [...gains, ...orders].map(({ status }) => status).filter((status) => status !== "not run");
        const count = (status: string) => asked.filter((one) => one === status).length;
        if (count(effect === "none" ? "reproduced" : "refuted") > 0) counts.tables++;
        counts.questions += asked.length;
        for (const status of ["reproduced", "refuted", "inconclusive"] as const) counts[status] += count(status);
      }
      const share = (of: number) => (counts.questions === 0 ? null : of / counts.questions);
      return {
        paper,
        scale,
        seeds,
        deviation,
        effect,
        questions: counts.questions / tables,
        falseTables: counts.tables / tables,
        reproduced: share(counts.reproduced),
        refuted: share(counts.refuted),
        inconclusive: share(counts.inconclusive),
      };
    }),
  );
  const names = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

/** Trials with what is chosen among them and run with fresh seeds. */
function confirmed(
  trials: readonly TrialSpec[],
  paper: Paper,
  seeds: number,
  makeUp: (trial: TrialSpec) => ResultRow,
): ResultRow[] {
  const tried = trials.map(makeUp);
  const chosen = new Set(runsToConfirm(tried, paper));
  const again = trials.filter(({ id }) => chosen.has(id)).flatMap((trial) => rerunTrials(trial, freshSeeds(seeds)));
  return [...tried, ...again.map(makeUp)];
}

/**
 * A table of results as `sweepResults` gives, of a reproduction that was never run: for trying what is made of one.
 *
 * @param options.deviation how far single runs scatter. Default: 0.005
 */
export function madeUpResults(
  paper: Paper,
  options: ReproductionOptions & { effect: "none" | "published"; deviation?: number; seed?: number },
): ColumnTable {
  const { effect, deviation = 0.005, seed = 0, ...what } = options;
  const cells = published(paper).objects({ limit: Infinity }) as PublishedRow[];
  const seeds = what.seeds ?? FRESH_SEEDS[what.scale ?? "short"];
  return tableOf(confirmed(reproductionTrials(paper, what), paper, seeds, madeUp(cells, effect, deviation, random(seed)))); // prettier-ignore
}

/** The same for trials of one's own choice, as a sweep has them. */
export function madeUpTable(paper: Paper, trials: readonly TrialSpec[]): ColumnTable {
  const cells = published(paper).objects({ limit: Infinity }) as PublishedRow[];
  return tableOf(trials.map(madeUp(cells, "published", 0.005, random(0))));
}

function tableOf(rows: readonly ResultRow[]): ColumnTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)])));
}

/** Results of trials that were never run: what is published, or nothing, plus chance. */
function madeUp(
  cells: readonly PublishedRow[],
  effect: "none" | "published",
  deviation: number,
  draws: { uniform: (low: number, high: number) => number },
): (trial: TrialSpec) => ResultRow {
  // Box and Muller.
  const normal = () => Math.sqrt(-2 * Math.log(1 - draws.uniform(0, 1))) * Math.cos(2 * Math.PI * draws.uniform(0, 1));
  const known = new Map<string, { row: ResultRow; level: { train: number; test: number } }>();
  return (trial) => {
    let own = known.get(trial.id);
    if (own === undefined) {
      const row = plainRow(trial);
      own = { row, level: levelOf(cells, effect, row) };
      known.set(trial.id, own);
    }
    const { row, level } = own;
    const luck = deviation * normal();
    const test = level.test + luck;
    const train = level.train + deviation * normal();
    const loss = row.model === "VGG38" ? Math.log(100) + 1e-4 * normal() : Math.abs(2 - train + 1e-3 * normal());
    const validation = trial.data.name === "embedded" || trial.data["split"] !== "train-test" ? test : null;
    return {
      ...row,
      trainLoss: loss,
      trainAccuracy: train,
      validationAccuracy: validation,
      testAccuracy: test,
      bestValidationAccuracy: validation,
      bestTestAccuracy: test,
      bestTrainLoss: loss,
      bestTrainAccuracy: train,
      status: "finished",
      minutes: trial.part === "time" ? 30 + normal() : null,
    };
  };
}

/** A trial's row in a table of results, before it has any number. */
export function plainRow(trial: TrialSpec): ResultRow {
  const { stages, optimizer } = trial;
  const { labels } = trial;
  return {
    run: trial.id,
    dataset: trial.data.name,
    ...labels,
    part: trial.part,
    seed: trial.seed,
    scope: labels.method === "original" ? null : (stages?.scope ?? null),
    weightDecay: optimizer.weightDecay ?? 0,
    folder: null,
    learningRate: firstRate(trial),
    minutes: null,
  };
}

/** The true accuracies of a setting, of which each run is a draw. */
function levelOf(cells: readonly PublishedRow[], effect: "none" | "published", row: ResultRow) {
  const alike = cells.filter(({ dataset, model }) => dataset === row.dataset && model === row.model);
  const [first] = cells;
  if (first?.paper === "vgp") {
    // One network's numbers for all where there is no effect.
    const model = effect === "none" ? "VGG08" : row.model;
    const own = cells.filter((cell) => cell.model === model && (effect === "none" || cell.learningRate === row.learningRate)); // prettier-ignore
    const of = (quantity: string) => own.find((cell) => cell.quantity === quantity)?.value ?? 0.3;
    return { train: of("trainAccuracy"), test: of("validationAccuracy") };
  }
  const base = (quantity: string) =>
    alike.find((cell) => cell.method === "original" && cell.quantity === quantity)?.value ?? 0.9;
  const gain = (quantity: string) => {
    const gains = alike.filter((cell) => cell.quantity === `${quantity}Improvement` && answers(cell, row));
    return effect === "none" || gains.length === 0 ? 0 : Math.max(...gains.map(({ value }) => value));
  };
  return {
    train: base("trainAccuracy") + gain("trainAccuracy"),
    test: base("testAccuracy") + gain("testAccuracy"),
  };
}
