import type { PlotlyAxis } from "./plotly-spec";

/**
 * An axis of epochs or steps, which are counted from 1: whole numbers, from just before the first to just after the last.
 *
 * @param shown Those that are drawn.
 */
export function epochAxis(shown: Iterable<number>, title: "epoch" | "step" = "epoch"): PlotlyAxis {
  let [first, last] = [Infinity, -Infinity];
  for (const each of shown) [first, last] = [Math.min(first, each), Math.max(last, each)];
  if (first > last) [first, last] = [1, 1];
  const room = Math.max(title === "epoch" ? 0.3 : 0.5, 0.025 * (last - first));
  const axis: PlotlyAxis = {
    title: { text: title },
    range: [Number(Math.max(Math.min(first, 1) - 0.5, first - room).toFixed(3)), Number((last + room).toFixed(3))],
    separatethousands: true,
  };
  // Plotly would put ticks between neighbours and round their labels.
  return last - first <= 12 ? { ...axis, tick0: 1, dtick: 1 } : axis;
}
