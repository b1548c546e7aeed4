import { type ColumnTable, table } from "arquero";
import { printStages } from "../amplification";
import { firstRate } from "./first-rate";
import type { ProtocolOptions } from "./protocol-options";
import type { Paper } from "./published";
import { trials } from "./trials";

/**
 * The table behind `ga.protocol`, without the methods that show it.
 *
 * @throws {RangeError} for a paper or part that is not there
 */
export function protocol(paper: Paper, options: ProtocolOptions = {}): ColumnTable {
  const rows = trials(paper, options).map((trial) => {
    const { model, data, optimizer, stages, labels } = trial;
    return {
      id: trial.id,
      part: trial.part,
      network: model.name,
      dataset: data.name,
      ...labels,
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
