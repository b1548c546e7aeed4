import type { GradientRow } from "../../rows";
import type { DashboardState, FlowColumn } from "../dashboard-state";

/** A dashboard's gradient flow as the rows that figures draw, with epochs in the place of steps. */
export function flowRows(
  { layers, chains }: Pick<DashboardState, "layers" | "chains">,
  columns: readonly FlowColumn[],
): GradientRow[] {
  return columns.flatMap(({ epoch, values }) =>
    values.flatMap((meanAbs, index) => {
      if (meanAbs === null) return [];
      const chain = chains[index];
      const place = { index, layer: layers[index] ?? "", weight: "", size: 1, ...(chain !== undefined && { chain }) };
      return [{ epoch, step: epoch, ...place, meanAbs }];
    }),
  );
}
