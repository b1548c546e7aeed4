import { checkOptions, oneOf } from "../options";
import { type GradientRow, type RunLike, layerSeries } from "../rows";
import { epochAxis } from "./parts/epoch-axis";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec, PlotlyTrace, ScatterTrace } from "./parts/plotly-spec";
import { layerRows } from "./parts/layer-axis";
import { powerTicks } from "./parts/power-ticks";
import { rowsOfOneRun, type RowSource } from "./parts/row-source";
import { sequenceColour } from "./parts/sequence-colour";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";
import { colourBar } from "./parts/colour-bar";

/** Options of `ga.figure.updateRatio`. */
export interface UpdateRatioOptions extends FigureOptions {
  /**
   * "lines", one a layer, which can be told apart where they are few, or a "map" with a row for each layer, blue below
   * 10⁻³ and red above. Default: lines for up to eight layers.
   */
  as?: "lines" | "map";
}

/**
 * How far each step moves each layer: ‖update‖₂ / ‖weight‖₂ over the training, beside 10⁻³, around which layers that
 * learn well usually lie.
 *
 * @param source A run, gradient rows with the column `updateRatio`, or a table of them.
 * @param options Any of `UpdateRatioOptions`; none is needed.
 * @throws {RangeError} if the column was not measured
 * @example
 * import * as ga from "gradamp";
 * const rows = [1, 2, 3].flatMap((step) => [0, 1].map((index) => ({
 *   epoch: 1, step, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs: 1e-4, updateRatio: 1e-3 / step,
 * })));
 * const figure = ga.figure.updateRatio(rows);
 */
export function updateRatio(source: RunLike | RowSource<GradientRow>, options: UpdateRatioOptions = {}): PlotlySpec {
  checkOptions("figure.updateRatio", options, { ...FIGURE_KINDS, as: oneOf("lines", "map") });
  const look = theme(options.theme);
  const run = rowsOfOneRun(source, "gradients");
  const { labels, series } = layerSeries(run.rows, { statistic: "updateRatio", per: "step" });
  const steps = series.map(({ step }) => step);
  const title = `Update-to-weight ratio${run.name ? `: ${run.name}` : ""}`;
  const few = labels.length <= look.categories.length;
  const as = options.as ?? (few ? "lines" : "map");
  const zeros = labels.flatMap((label, layer) =>
    series.flatMap(({ step, values }) => (values[layer] === 0 ? [{ label, step }] : [])),
  );
  const positive = series.flatMap(({ values }) =>
    values.filter((value) => value !== null && value > 0 && Number.isFinite(value)),
  );
  const foot = positive.length > 0 ? Math.min(...(positive as number[])) / 3 : 1e-8;
  const common = {
    ...baseLayout(options, {
      title,
      height: as === "lines" ? 480 : Math.max(420, Math.min(1100, 140 + 11 * labels.length)),
    }),
    showlegend: zeros.length > 0,
  };
  const unmoved = (map: boolean): ScatterTrace[] =>
    zeros.length === 0
      ? []
      : [
          {
            type: "scatter",
            mode: "markers",
            name: "did not move at all",
            x: zeros.map(({ step }) => (map ? String(step) : step)),
            y: zeros.map(({ label }) => (map ? label : significant(foot))),
            marker: { symbol: "triangle-down-open", color: map ? look.ink : look.amplified, size: 8 },
            hovertext: zeros.map(({ label, step }) => `<b>${label}</b><br>step ${step}<br>update is exactly 0`),
            hoverinfo: "text",
            showlegend: true,
          },
        ];
  if (as === "map") {
    const z = labels.map((_, layer) =>
      series.map(({ values }) => {
        const value = values[layer];
        return typeof value === "number" && value > 0 && Number.isFinite(value) ? significant(Math.log10(value)) : null;
      }),
    );
    const logs = z.flat().filter((value) => value !== null);
    const reach = Math.max(0.5, ...logs.map((value) => Math.abs(value + 3)));
    const ticks = powerTicks(Math.ceil(-3 - reach), Math.floor(-3 + reach));
    return {
      data: [
        {
          type: "heatmap",
          x: steps.map(String),
          y: labels,
          z,
          zmin: -3 - reach,
          zmax: -3 + reach,
          colorscale: [
            [0, look.baseline],
            [0.5, look.ground],
            [1, look.amplified],
          ],
          hoverongaps: false,
          colorbar: colourBar("‖update‖₂ / ‖weight‖₂", ticks),
          hovertemplate: "<b>%{y}</b><br>step %{x}<br>log₁₀ of update / weight %{z:.2f}<extra></extra>",
        },
        ...unmoved(true),
      ],
      layout: {
        ...common,
        // Where nothing was measured there is no value of 10⁻³.
        plot_bgcolor: look.grid,
        xaxis: { type: "category", title: { text: "step" }, showgrid: false, nticks: 12 },
        yaxis: layerRows(labels),
      },
    };
  }
  const data: PlotlyTrace[] = labels.map((label, layer) => {
    const color = few
      ? (look.categories[layer] ?? look.ink)
      : sequenceColour(look.sequence, layer / Math.max(1, labels.length - 1));
    return {
      type: "scatter",
      mode: steps.length <= 20 && few ? "lines+markers" : "lines",
      name: label,
      x: steps,
      y: series.map(({ values }) => {
        const value = values[layer];
        return typeof value === "number" && value > 0 ? significant(value) : null;
      }),
      line: { color, width: 1.6 },
      marker: { color, size: 4 },
      hovertemplate: `<b>${label}</b><br>step %{x}<br>update / weight %{y:.3e}<extra></extra>`,
      showlegend: few,
    };
  });
  data.push(...unmoved(false));
  data.push({
    type: "scatter",
    mode: "lines",
    name: "10<sup>−3</sup>",
    x: [steps[0] ?? 1, steps.at(-1) ?? 1],
    y: [1e-3, 1e-3],
    line: { color: look.ink, width: 1, dash: "dash" },
    hoverinfo: "skip",
    showlegend: true,
  });
  if (!few)
    data.push({
      type: "scatter",
      mode: "markers",
      x: [null],
      y: [null],
      marker: {
        color: [0, labels.length - 1],
        cmin: 0,
        cmax: labels.length - 1,
        colorscale: look.sequence,
        showscale: true,
        colorbar: colourBar("layer", {
          tickmode: "array",
          tickvals: [0, labels.length - 1],
          ticktext: ["input", "head"],
        }),
      },
      hoverinfo: "skip",
      showlegend: false,
    });
  return {
    data,
    layout: {
      ...common,
      showlegend: true,
      xaxis: epochAxis(steps, "step"),
      yaxis: valueAxis("‖update‖₂ / ‖weight‖₂", "log", [1e-3, ...(positive as number[])]),
    },
  };
}
