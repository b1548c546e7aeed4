import { aFunction, byName, checkRows, checkOptions, oneOf, text } from "../../options";
import { table, type ColumnTable } from "arquero";

import { bestBy, type EpochRow, ROW_KINDS, type RunRecord } from "../../rows";
import { type FilledMetric, scoreOf, selectionScore } from "../../spec";
import type { Value } from "../value";

/** Options of `ga.table.results`. */
export interface ResultsOptions<R extends RunRecord> {
  /**
   * Which epoch's numbers stand in the table. "last": the last one's. "best": the best one's, and its number as
   * `epoch`. "both": the last one's, followed by `bestEpoch`, `bestValidationAccuracy` and `bestTestAccuracy`. Default:
   * "both".
   */
  at?: "last" | "best" | "both";
  /**
   * The column of the epoch rows that tells which epoch is the best: highest for accuracies, lowest for losses, the
   * earlier of two equal ones. Default: the first of validationAccuracy, testAccuracy, validationLoss, testLoss,
   * trainAccuracy, trainLoss that a run has, so that the test split chooses only where there is no validation split, as
   * in the papers of 2020 and 2023; a run that was told `selectBy` itself is taken by that. A metric is looked up among
   * those of the run.
   */
  selectBy?: string;
  /** More columns, computed from the run and put after `dataset`: `{ seed: (run) => Number(run.options.seed) }`. */
  columns?: Record<string, (run: R) => Value>;
}

const measured = [
  "validationAccuracy",
  "testAccuracy",
  "validationLoss",
  "testLoss",
  "trainAccuracy",
  "trainLoss",
] as const;

/**
 * One row a run, with the columns of table 1 of "Analysis of Vanishing gradient problem": model, learning rate, number
 * of parameters, losses and accuracies.
 *
 * Accuracies are fractions from 0 to 1 and become per cent when the table is rendered. `learningRate` is the first
 * epoch's, from which the cosine falls. Where nothing was measured there is null.
 *
 * @param runs Trained runs, or saved ones.
 * @param options Any of `ResultsOptions`; none is needed.
 * @throws {RangeError} if a run lacks the column named by `selectBy`
 * @example
 * import * as ga from "gradamp";
 *
 * const epochs = [{
 *   epoch: 1, learningRate: 1e-3, trainLoss: 4.2, trainAccuracy: 0.06, validationLoss: 3.9, validationAccuracy: 0.1,
 *   testLoss: 3.9, testAccuracy: 0.11, seconds: 12, imagesPerSecond: 3900, amplifiedLayers: 0,
 * }];
 * const run = { name: "first", model: "VGG08", parameters: 59716, dataset: "cifar-100", options: {}, epochs, gradients: [] };
 * console.log(ga.table.toText(ga.table.results([run])));
 */
export function results<R extends RunRecord>(runs: readonly R[], options: ResultsOptions<R> = {}): ColumnTable {
  checkOptions("table.results", options, {
    at: oneOf("last", "best", "both"),
    selectBy: text,
    columns: byName(aFunction, "functions"),
  });
  checkRows(runs, "a list of runs");
  const { at = "both", columns = {} } = options;
  const last = runs.map((run) => run.epochs[run.epochs.length - 1] ?? null);
  const best = runs.map((run) => bestEpoch(run, options.selectBy));
  const shown = at === "best" ? best : last;
  const of = (rows: readonly (EpochRow | null)[], name: keyof EpochRow) => rows.map((row) => row?.[name] ?? null);

  return table({
    run: runs.map((run) => run.name),
    model: runs.map((run) => run.model),
    dataset: runs.map((run) => run.dataset),
    ...Object.fromEntries(
      Object.entries(columns).map(([name, value]) => [name, runs.map((run) => value(run) ?? null)]),
    ),
    learningRate: runs.map((run) => run.epochs[0]?.learningRate ?? null),
    parameters: runs.map((run) => run.parameters),
    ...(at === "best" ? { epoch: of(best, "epoch") } : {}),
    trainLoss: of(shown, "trainLoss"),
    trainAccuracy: of(shown, "trainAccuracy"),
    validationLoss: of(shown, "validationLoss"),
    validationAccuracy: of(shown, "validationAccuracy"),
    testAccuracy: of(shown, "testAccuracy"),
    ...Object.fromEntries(metricsOf(runs).map((name) => [name, of(shown, name)])),
    ...(at === "both"
      ? {
          bestEpoch: of(best, "epoch"),
          bestValidationAccuracy: of(best, "validationAccuracy"),
          bestTestAccuracy: of(best, "testAccuracy"),
        }
      : {}),
  });
}

/** The columns of the epoch rows that are metrics which the trainings were asked for. */
function metricsOf(runs: readonly RunRecord[]): string[] {
  const known = ROW_KINDS.epochs.columns;
  const names = runs.flatMap(({ epochs }) => epochs.flatMap((row) => Object.keys(row)));
  return [...new Set(names)].filter((name) => !Object.hasOwn(known, name));
}

function bestEpoch(run: RunRecord, asked: string | undefined): EpochRow | null {
  const selectBy = asked ?? selectionScore(run.options)?.column;
  const has = (name: string) => run.epochs.some((row) => isNumber(row[name]));
  const name = selectBy ?? measured.find(has);
  if (selectBy !== undefined && run.epochs.length > 0 && !has(selectBy)) {
    const others = [...measured, ...metricsOf([run])].filter(has).join(", ") || "none";
    throw new RangeError(
      `Expected run ${run.name} to have measured ${selectBy} but found ${others}: choose another selectBy`,
    );
  }
  if (name === undefined) return null;
  const { metrics } = run.options as { metrics?: readonly FilledMetric[] };
  return bestBy(run.epochs, scoreOf(name, metrics ?? []) ?? { column: name, better: "higher" });
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === "number" && !Number.isNaN(value);
