import { gradientFlow, theme, type PlotlySpec, type ScatterTrace } from "../../figures";
import { flowRows } from "./flow-rows";
import type { DashboardState, FlowColumn } from "../dashboard-state";

/**
 * Gradient flow now against before: the latest measured epoch, the first, and one between; null where none was measured.
 *
 * The one between is the last at or before half way whose number is a power of two, so that it changes seldom.
 */
export function flowPanel({ layers, chains, flow }: DashboardState): PlotlySpec | null {
  const chosen = columnsToCompare(flow.entries);
  if (chosen.length === 0) return null;
  const { data, layout } = gradientFlow(flowRows({ layers, chains }, chosen), { title: null, height: 400 });
  const look = theme();
  const looks = [
    { color: look.baselineTraining, width: 1.4 },
    { color: look.categories[4]!, width: 1.4 },
    { color: look.baseline, width: 2.4 },
  ];
  const lines = data.filter((trace): trace is ScatterTrace => trace.type === "scatter" && trace.line !== undefined);
  const marks = data.filter((trace) => trace.type === "scatter" && trace.mode === "markers");
  const named = lines.map((line, at): ScatterTrace => {
    const place = at === lines.length - 1 ? 2 : at === 0 ? 0 : 1;
    const epoch = chosen[at]?.epoch;
    return {
      ...line,
      mode: layers.length > 60 ? "lines" : "lines+markers",
      name: `epoch ${epoch}${place === 2 ? " (now)" : place === 0 ? " (first)" : ""}`,
      showlegend: true,
      line: looks[place]!,
      marker: { color: looks[place]!.color, size: place === 2 ? 5 : 3 },
    };
  });
  return {
    data: [...named, ...marks],
    layout: {
      ...layout,
      showlegend: true,
    },
  };
}

function columnsToCompare(columns: readonly FlowColumn[]): FlowColumn[] {
  const [first] = columns;
  const now = columns.at(-1);
  if (!first || !now) return [];
  const half = 2 ** Math.floor(Math.log2(Math.max(1, now.epoch / 2)));
  const between = columns.filter(({ epoch }) => epoch <= half).at(-1);
  return [...new Set([first, between ?? first, now])];
}
