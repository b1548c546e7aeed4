import type { StatisticColumn, WeightTensor } from "../gradients";
import type { GradientRow } from "./rows";

/** Rows from the vector `[tensors × columns]` that a measurement gave. */
export function gradientRows(
  weights: readonly WeightTensor[],
  columns: readonly StatisticColumn[],
  measured: Float32Array,
  at: { epoch: number; step: number },
): GradientRow[] {
  return weights.map(({ layer, weight, index, size }, row) => {
    const values = Object.fromEntries(
      columns.map((column, offset) => [column, measured[row * columns.length + offset]!]),
    );
    return { ...at, index, layer, weight, size, ...(values as { meanAbs: number }) };
  });
}
