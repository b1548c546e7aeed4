import type { GradientRow } from "../../rows";
import type { FlowColumn } from "../dashboard-state";

/** A dashboard's gradient flow as the rows that figures draw, with epochs in the place of steps. */
export function flowRows(layers: readonly string[], columns: readonly FlowColumn[]): GradientRow[] {
  return columns.flatMap(({ epoch, values }) =>
    values.flatMap((meanAbs, index) =>
      meanAbs === null ? [] : [{ epoch, step: epoch, index, layer: layers[index] ?? "", weight: "", size: 1, meanAbs }],
    ),
  );
}
