import { gradientHeatmap, type PlotlySpec } from "../../figures";
import type { DashboardState } from "../dashboard-state";
import { flowRows } from "./flow-rows";

/** Gradients over epochs × layers, in decades; null where none were measured. */
export function heatmapPanel({ layers, flow }: DashboardState): PlotlySpec | null {
  if (flow.entries.length === 0) return null;
  const { data, layout } = gradientHeatmap(flowRows({ layers, chains: [] }, flow.entries), {
    title: null,
    height: 400,
  });
  return {
    data: data.map((trace) => {
      const x = trace.x.map(Number);
      if (trace.type !== "heatmap") return { ...trace, x };
      // A thousandth of a decade is more than a colour tells.
      const z = trace.z.map((row) => row.map((value) => (value === null ? null : Number(value.toFixed(3)))));
      const limits = { zmin: Math.floor(10 * (trace.zmin ?? 0)) / 10, zmax: Math.ceil(10 * (trace.zmax ?? 0)) / 10 };
      return { ...trace, x, z, ...limits, hovertemplate: (trace.hovertemplate ?? "").replace("step", "epoch") };
    }),
    layout: {
      ...layout,
      margin: { l: 64, r: 16, t: 40, b: 56 },
      xaxis: { title: { text: "epoch" }, showgrid: false, tickformat: "d", nticks: 12 },
    },
  };
}
