import { checkRows, checkOptions, oneOf } from "../options";
import type { GradientRow } from "./row-types";

/** The gradients of several weight tensors together, at one measured step. */
export interface RolledUpRow {
  /** From 1. */
  epoch: number;
  /** Steps of the run so far. */
  step: number;
  /** The layer, or null for the whole network. */
  layer: string | null;
  /** How many numbers. */
  size: number;
  /** Mean |gradient| over all of them. */
  meanAbs: number;
  [statistic: string]: number | string | null;
}

const root = (values: readonly number[]) => Math.hypot(...values);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** How each column of several tensors becomes that of all of them; what is not here (quantiles, ranks) cannot be joined. */
const JOIN: Record<string, (rows: readonly GradientRow[], column: string, all: number) => number> = {
  ...Object.fromEntries(
    ["meanAbs", "rawMeanAbs", "clippedMeanAbs", "zeroShare"].map((name) => [
      name,
      (rows: readonly GradientRow[], column: string, all: number) =>
        total(rows.map((row) => (row[column] as number) * (row.size / all))),
    ]),
  ),
  l2: (rows, column) => root(rows.map((row) => row[column] as number)),
  weightL2: (rows, column) => root(rows.map((row) => row[column] as number)),
  updateL2: (rows, column) => root(rows.map((row) => row[column] as number)),
  ampGain: joinedGain,
  maxAbs: (rows, column) => Math.max(...rows.map((row) => row[column] as number)),
  nonFinite: (rows, column) => total(rows.map((row) => row[column] as number)),
};

/**
 * Gradient rows summed up: for each measured step one row of the whole network, or one a layer.
 *
 * Norms are those of all numbers together, means are weighted with the sizes, maxima and counts are the network's;
 * exact for single steps. `updateRatio` needs `weightL2` beside it and `ampGain` needs `l2`; quantiles and effective ranks cannot be
 * summed up: they are left out.
 *
 * @param rows rows of weight tensors, as `run.gradients`
 * @param options.by `"network"` or `"layer"`. Default: `"network"`
 * @throws {TypeError | RangeError} for an unknown option, or another `by`
 *
 * @example
 * import * as ga from "gradamp";
 * const row = { epoch: 1, step: 1, weight: "kernel", size: 2, meanAbs: 1 };
 * const rows = [{ ...row, index: 0, layer: "a", l2: 3 }, { ...row, index: 1, layer: "b", l2: 4 }];
 * console.log(ga.rollUp(rows)[0]?.["l2"]); // 5
 */
export function rollUp(rows: readonly GradientRow[], options: { by?: "network" | "layer" } = {}): RolledUpRow[] {
  checkOptions("rollUp", options, { by: oneOf("network", "layer") });
  checkRows(rows, "a list of rows, as run.gradients,");
  const { by = "network" } = options;
  const groups = new Map<string, GradientRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.epoch, row.step, by === "layer" ? row.layer : null]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [GradientRow];
    const size = total(group.map((row) => row.size));
    const everywhere = Object.keys(first).filter((column) => group.every((row) => typeof row[column] === "number"));
    const joined = Object.fromEntries(
      everywhere
        .filter((column) => Object.hasOwn(JOIN, column) && (column !== "ampGain" || everywhere.includes("l2")))
        .map((column) => [column, JOIN[column]!(group, column, size)] as const),
    ) as { meanAbs: number; updateL2?: number; weightL2?: number };
    const { epoch, step } = first;
    const { updateL2, weightL2 } = joined;
    const ratio = updateL2 === undefined || weightL2 === undefined ? {} : { updateRatio: joinedUpdateRatio(updateL2, weightL2) }; // prettier-ignore
    return { epoch, step, layer: by === "layer" ? first.layer : null, size, ...joined, ...ratio };
  });
}

/** From the norms with and without amplification; the latter are the former divided by each gain. */
function joinedGain(rows: readonly GradientRow[]): number {
  const amplified = rows.map((row) => row["l2"] as number);
  const raw = rows.map((row, at) => (amplified[at] === 0 ? 0 : amplified[at]! / (row["ampGain"] as number)));
  return root(amplified) / root(raw);
}

function joinedUpdateRatio(updateL2: number, weightL2: number): number {
  return updateL2 === 0 ? 0 : updateL2 / weightL2;
}
