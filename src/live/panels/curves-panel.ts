import type { EpochRow } from "../../rows";
import { theme, trainingCurves, type PlotlySpec, type PlotlyTrace } from "../../figures";
import { significant } from "../../figures/parts/significant";
import type { DashboardState } from "../dashboard-state";

const metrics = [
  { name: "loss", column: "trainLoss" },
  { name: "accuracy", column: "trainAccuracy" },
] as const;

/** Loss and accuracy over the epochs, with the running values of the epoch in progress; null before the first value. */
export function curvesPanel({ facts, epochs, progress }: DashboardState): PlotlySpec | null {
  const rows = epochs.entries;
  if (rows.length === 0 && !progress) return null;
  const accuracy = progress ? progress.accuracy !== null : rows.some((row) => row.trainAccuracy !== null);
  const shown = accuracy ? metrics : metrics.slice(0, 1);
  const options = { metrics: shown.map(({ name }) => name), title: null, height: 300 };
  // Before the first epoch has ended there are axes, and the running values on them.
  const { data, layout } = trainingCurves(rows.length > 0 ? [...rows] : [placeholder(accuracy)], options);
  const traces: PlotlyTrace[] = rows.length > 0 ? data : [];
  const colour = theme().categories[0]!;
  if (progress) {
    const x = progress.epoch - 1 + progress.step / (progress.steps ?? Infinity);
    const last = rows.at(-1);
    shown.forEach(({ name, column }, at) => {
      const value = significant(progress[name]);
      const before = last?.[column] ?? null;
      traces.push({
        type: "scatter",
        mode: "lines+markers",
        name: `epoch ${progress.epoch} so far`,
        showlegend: at === 0,
        legendgroup: "running",
        x: last && before !== null ? [last.epoch, round(x)] : [round(x)],
        y: last && before !== null ? [significant(before), value] : [value],
        xaxis: at === 0 ? "x" : "x2",
        yaxis: at === 0 ? "y" : "y2",
        line: { color: colour, width: 1, dash: "dot" },
        marker: { color: theme().amplified, size: [...(before !== null ? [0] : []), 8], symbol: "circle" },
        hovertemplate: `<b>epoch ${progress.epoch} so far</b><br>${name} %{y:${name === "accuracy" ? ".1%" : ".4f"}}<extra></extra>`,
      });
    });
  }
  const until = Number(facts.options["epochs"]);
  // The whole way is shown where it is not long; of a long run what has been, and a little of what is to come.
  const now = Math.max(progress?.epoch ?? 0, rows.at(-1)?.epoch ?? 0);
  const end = until > 0 && until <= 2 * Math.max(now, 10) ? until : Math.ceil(1.25 * now);
  const range = [Math.min(1, progress && rows.length === 0 ? 0 : 1) - 0.02 * end, end + 0.02 * end] as const;
  for (const axis of ["xaxis", "xaxis2"] as const)
    if (layout[axis]) layout[axis] = { ...layout[axis], range: tidy(range) };
  return { data: traces, layout: { ...layout, margin: { l: 60, r: 16, t: 28, b: 70 } } };
}

const round = (value: number) => Number(value.toFixed(3));
const tidy = ([low, high]: readonly [number, number]) => [round(low), round(high)] as const;

function placeholder(accuracy: boolean): EpochRow {
  const none = { validationLoss: null, validationAccuracy: null, testLoss: null, testAccuracy: null };
  const rest = { learningRate: 0, seconds: 0, imagesPerSecond: 0, amplifiedLayers: 0 };
  return { epoch: 1, trainLoss: 0, trainAccuracy: accuracy ? 0 : null, ...none, ...rest };
}
