import { type GradientRow, type RunLike, layerSeries } from "../rows";
import { baseLayout, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { rowsOfOneRun, type RowSource } from "./parts/row-source";
import { sequenceColour } from "./parts/sequence-colour";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";
import { colourBar } from "./parts/colour-bar";

/**
 * How far each step moves each layer: ‖update‖₂ / ‖weight‖₂ over the training, one line a layer, input to head in
 * colour, with a line at 10⁻³, around which layers that learn well usually lie.
 *
 * @param source A run, gradient rows with the column `updateRatio`, or a table of them.
 * @throws {RangeError} if the column was not measured
 * @example
 * import * as ga from "gradamp";
 * const rows = [1, 2, 3].flatMap((step) => [0, 1].map((index) => ({
 *   epoch: 1, step, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs: 1e-4, updateRatio: 1e-3 / step,
 * })));
 * const figure = ga.figure.updateRatio(rows);
 */
export function updateRatio(source: RunLike | RowSource<GradientRow>, options: FigureOptions = {}): PlotlySpec {
  const look = theme(options.theme);
  const run = rowsOfOneRun(source, "gradients");
  const { labels, series } = layerSeries(run.rows, { statistic: "updateRatio", per: "step" });
  const steps = series.map(({ step }) => step);
  const zeros = labels.flatMap((label, layer) =>
    series.flatMap(({ step, values }) => (values[layer] === 0 ? [{ label, step }] : [])),
  );
  const positive = series.flatMap(({ values }) =>
    values.filter((value) => value !== null && value > 0 && Number.isFinite(value)),
  );
  const foot = positive.length > 0 ? Math.min(...(positive as number[])) / 3 : 1e-8;
  const data: PlotlyTrace[] = labels.map((label, layer) => ({
    type: "scatter",
    mode: steps.length <= 20 && labels.length <= 12 ? "lines+markers" : "lines",
    name: label,
    x: steps,
    y: series.map(({ values }) => {
      const value = values[layer];
      return typeof value === "number" && value > 0 ? significant(value) : null;
    }),
    line: { color: sequenceColour(look.sequence, labels.length > 1 ? layer / (labels.length - 1) : 1), width: 1.4 },
    marker: { size: 4 },
    hovertemplate: `<b>${label}</b><br>step %{x}<br>update / weight %{y:.3e}<extra></extra>`,
    showlegend: false,
  }));
  if (zeros.length > 0)
    data.push({
      type: "scatter",
      mode: "markers",
      name: "did not move at all",
      x: zeros.map(({ step }) => step),
      y: zeros.map(() => significant(foot)),
      marker: { symbol: "triangle-down-open", color: look.amplified, size: 8 },
      hovertext: zeros.map(({ label, step }) => `<b>${label}</b><br>step ${step}<br>update is exactly 0`),
      hoverinfo: "text",
      showlegend: true,
    });
  data.push({
    type: "scatter",
    mode: "markers",
    x: [null],
    y: [null],
    marker: {
      color: [0, labels.length - 1],
      cmin: 0,
      cmax: Math.max(1, labels.length - 1),
      colorscale: look.sequence,
      showscale: true,
      colorbar: colourBar("layer", {
        tickmode: "array",
        tickvals: [0, Math.max(1, labels.length - 1)],
        ticktext: ["input", "head"],
      }),
    },
    hoverinfo: "skip",
    showlegend: false,
  });
  return {
    data,
    layout: {
      ...baseLayout(options, { title: `Update-to-weight ratio${run.name ? `: ${run.name}` : ""}`, height: 480 }),
      hovermode: "closest",
      showlegend: zeros.length > 0,
      legend: { orientation: "h", x: 1, y: 0.99, xanchor: "right", yanchor: "top", yref: "container" },
      shapes: [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: 1e-3,
          y1: 1e-3,
          line: { color: look.ink, width: 1, dash: "dash" },
        },
      ],
      xaxis: { title: { text: "step" } },
      yaxis: valueAxis("‖update‖₂ / ‖weight‖₂", "log"),
    },
  };
}
