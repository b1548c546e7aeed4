import { ColumnTable } from "arquero";

import * as experiments from "../experiments";
import * as rowStore from "../runs";
import * as sweeps from "../sweeps";
import * as tables from "../tables";
import { Table } from "./table";

/** The same function, with a table that can show itself where it gives a table. */
type Showing<F> = F extends (...values: infer Values) => infer Result
  ? Result extends ColumnTable
    ? (...values: Values) => Table
    : F
  : F;

/** Every function of `src/tables`; those that give a table give one that can show itself. */
export type TableFunctions = { readonly [N in keyof typeof tables]: Showing<(typeof tables)[N]> };

function showing<F>(work: F): Showing<F> {
  if (typeof work !== "function") return work as Showing<F>;
  const call = work as unknown as (...values: unknown[]) => unknown;
  return ((...values: unknown[]) => {
    const result = call(...values);
    return result instanceof ColumnTable ? Table.of(result) : result;
  }) as Showing<F>;
}

/** `ga.table`: tables by name. */
export const table = Object.freeze(
  Object.fromEntries(Object.entries(tables).map(([name, work]) => [name, showing<unknown>(work)])),
) as unknown as TableFunctions;

/**
 * Every number that a paper prints in its tables, and the improvements that it quotes in its text: one row a number,
 * with the place where it stands (`source`).
 *
 * | column | |
 * |---|---|
 * | paper, source | where the number stands; "coursework" for the one row of it beside `vgp` |
 * | dataset, model, method | what was trained and how: "original", "amplified", "random", "G case 1", … |
 * | group, params, ampFactor, reselect, learningRate, statistic | what it was measured under, or null; "mean of 5",
 * "best", … |
 * | quantity | testAccuracy, testAccuracyImprovement, minutes, … |
 * | value, spread | in gradamp's units: accuracies as fractions, times in minutes; the number behind ±, or null |
 * | resolution | half a unit of the last digit printed: what rounding may hide |
 * | printed, unit | the paper's own text and unit |
 *
 * Source: Basodi et al. 2020 and 2023, and Analysis of Vanishing gradient problem; `source` names table or section.
 *
 * @param paper "vgp" (Analysis of Vanishing gradient problem), "ga" (Gradient amplification, 2020) or "iga"
 *   (Intelligent gradient amplification, 2023).
 * @throws {RangeError} for another name
 * @example
 * import * as ga from "gradamp";
 *
 * const accuracies = ga.published("iga").filter((d: { quantity: string }) => d.quantity === "testAccuracy");
 * console.log(accuracies.numRows());
 */
export const published: Showing<typeof experiments.published> = showing(experiments.published);

/**
 * Where the papers leave something open or contradict themselves in words: what is said where (`paper`, `source`,
 * `says`), what speaks against it (`but`), and how gradamp reads it (`here`). Contradictions between numbers are
 * computed: `ga.table.checkPapers`.
 *
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.publishedRemarks().numRows());
 */
export const publishedRemarks: Showing<typeof experiments.publishedRemarks> = showing(experiments.publishedRemarks);

/**
 * A paper's experiments as a table, one row a trial: what is varied, under the names that figures and `ga.published`
 * use, and the schedule as the papers print it.
 *
 * `ga.trials` gives the same trials in the same order as plain data that can be run; its table of parts and sizes holds
 * here too.
 *
 * Source: Basodi et al. 2020 and 2023, and Analysis of Vanishing gradient problem, as docs/method.md reads them.
 *
 * @param options.part "s1", "params1", …. Default: all parts
 * @throws {RangeError} for a paper or part that is not there
 *
 * @example
 * import * as ga from "gradamp";
 * const table = ga.protocol("ga", { part: "s2" });
 * console.log(table.numRows()); // 484
 * console.log(table.filter((d: { params: string }) => d.params === "S2_0.1_0.3").array("stages")[0]);
 */
export const protocol: Showing<typeof experiments.protocol> = showing(experiments.protocol);

/**
 * Opens a folder of runs as one tidy arquero table: `run` (the folder's path beneath `folder`), `model`, `dataset`,
 * `parameters` and `status` of each run, then the columns of its rows: of the run itself `epochs`, the losses and
 * accuracies after the last of them, and the `seconds` that they took.
 *
 * Nothing is read but names and headers until a column is used; then that column alone is taken from every file,
 * checked and kept. Rows are not turned into objects. A statistic that some runs have not measured is null there. Runs
 * that are still being written are shown as they were when the folder was opened.
 *
 * A run that cannot be read is left out, with a warning that names the file and the reason.
 *
 * @param folder A folder of runs (or of folders of runs), or one run.
 * @param options Which rows and columns: see `RunsOptions`.
 * @throws {RangeError} if no run is found or a column of `only` is unknown
 * @throws {Error} if none can be read, and for a file whose damage only its checksum tells, naming it, when a column of
 *   it is first used: `check` finds that at once
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const folder = mkdtempSync("/tmp/runs-");
 * const gradients = [{ epoch: 1, step: 100, index: 0, layer: "conv", weight: "kernel", size: 864, meanAbs: 1e-4 }];
 * ga.saveRun({ name: "a", model: "VGG08", parameters: 59716, dataset: "cifar-100", options: {}, epochs: [], gradients }, `${folder}/a`);
 * console.log(ga.runs(folder).array("model")); // ["VGG08"]
 * console.log(ga.runs(folder, { rows: "gradients" }).groupby("layer").count().objects()); // [{ layer: "conv", count: 1 }]
 */
export const runs: Showing<typeof rowStore.runs> = showing(rowStore.runs);

/**
 * A sweep's results as a table: one row a trial, in the trials' order, also for those that are not done.
 *
 * Its columns are what was varied, under the names that figures and `ga.published` use (`method`, `group`, `ampRatio`,
 * `threshold`, …), `seed`, `status`, the run's folder beneath the sweep's (trials that amplify the same layers share one),
 * and the numbers of `ga.table.results`. Numbers of a trial that is not done are those of its last epoch so far.
 *
 * @param sweep A sweep, or its folder.
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const sweep = new ga.Sweep(mkdtempSync("/tmp/sweep-"), { trials: ga.trials("vgp") });
 * console.log(ga.sweepResults(sweep).array("status")[0]); // "waiting"
 */
export const sweepResults: Showing<typeof sweeps.sweepResults> = showing(sweeps.sweepResults);
