import { type ColumnTable, table } from "arquero";
import { printStages } from "../amplification";
import { firstRate } from "./first-rate";
import type { ProtocolOptions } from "./protocol-options";
import type { Paper } from "./published";
import { trials } from "./trials";

/**
 * A paper's experiments as a table, one row a trial: what is varied, under the names that figures and `ga.published`
 * use, and the schedule as the papers print it.
 *
 * `ga.trials` gives the same trials in the same order as plain data that can be run; its table of parts and sizes holds
 * here too.
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
export function protocol(paper: Paper, options: ProtocolOptions = {}): ColumnTable {
  const rows = trials(paper, options).map((trial) => {
    const { model, data, optimizer, stages, labels } = trial;
    const { directionality, ...varied } = labels;
    return {
      id: trial.id,
      part: trial.part,
      network: model.name,
      dataset: data.name,
      ...varied,
      measure: directionality,
      scope: stages && labels.method !== "original" ? stages.scope : null,
      learningRate: firstRate(trial),
      momentum: optimizer.name === "sgd" ? optimizer.momentum : null,
      weightDecay: optimizer.weightDecay,
      augmented: data.augmentation !== null,
      batchSize: trial.batchSize,
      epochs: trial.epochs,
      stages: stages ? printStages(stages) : null,
      seed: trial.seed,
    };
  });
  const names = Object.keys(rows[0] ?? {}) as (keyof (typeof rows)[number])[];
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}
