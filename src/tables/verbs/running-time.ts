import { aFunction, byName, checkOptions, checkRows } from "../../options";
import { table, type ColumnTable } from "arquero";

import type { RunRecord } from "../../rows";
import type { Value } from "../value";

/** Options of `ga.table.runningTime`. */
export interface RunningTimeOptions<R extends RunRecord> {
  /** More columns, computed from the run and put after `dataset`: `{ method: (run) => String(run.options.method) }`. */
  columns?: Record<string, (run: R) => Value>;
}

/**
 * One row a run: how many epochs it took and the wall time of them all, evaluation and analysis included, in `minutes`, as
 * tables 1 and 2 of "Intelligent gradient amplification" count it.
 *
 * @param options Any of `RunningTimeOptions`; none is needed.
 * @param runs Trained runs, or saved ones.
 * @throws {TypeError} for an option that it does not know or of a wrong kind
 * @example
 * import * as ga from "gradamp";
 *
 * const epochs = [1, 2, 3].map((epoch) => ({
 *   epoch, learningRate: 0.1, trainLoss: 2, trainAccuracy: 0.3, validationLoss: null, validationAccuracy: null,
 *   testLoss: null, testAccuracy: null, seconds: 20, imagesPerSecond: 2500, amplifiedLayers: 0,
 * }));
 * const run = { name: "first", model: "VGG-19", parameters: 20040522, dataset: "cifar-10", options: {}, epochs, gradients: [] };
 * console.log(ga.table.toText(ga.table.runningTime([run])));
 */
export function runningTime<R extends RunRecord>(runs: readonly R[], options: RunningTimeOptions<R> = {}): ColumnTable {
  checkOptions("table.runningTime", options, { columns: byName(aFunction, "functions") });
  checkRows(runs, "a list of runs");
  const { columns = {} } = options;
  return table({
    run: runs.map((run) => run.name),
    model: runs.map((run) => run.model),
    dataset: runs.map((run) => run.dataset),
    ...Object.fromEntries(
      Object.entries(columns).map(([name, value]) => [name, runs.map((run) => value(run) ?? null)]),
    ),
    epochs: runs.map((run) => run.epochs.length),
    minutes: runs.map((run) => run.epochs.reduce((sum, row) => sum + row.seconds, 0) / 60),
  });
}
