import { aFunction, checkOptions, text } from "../options";
import { type GradientRow, type LayerSeriesOptions, type RunLike, layerSeries } from "../rows";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { layerRows } from "./parts/layer-axis";
import { powerTicks } from "./parts/power-ticks";
import { rowsOfOneRun, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { statisticTitle } from "./parts/statistic-titles";
import { theme } from "./parts/theme";
import { colourBar } from "./parts/colour-bar";

/**
 * Gradients of a whole training as a map: layers from input (top) to head, measured steps along x, log₁₀ of the
 * statistic in colour.
 *
 * Zeros are crosses, values that are not finite are exclamation marks; steps at which nothing was measured are gaps.
 *
 * @param source A run, gradient rows, or a table of them.
 * @param options the statistic, which weights, theme and size
 * @throws {RangeError} if there are no rows or the statistic was not measured
 * @example
 * import * as ga from "gradamp";
 * const rows = [1, 2, 3].flatMap((step) => [0, 1].map((index) => ({
 *   epoch: 1, step, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs: 10 ** (-step - index),
 * })));
 * const figure = ga.figure.gradientHeatmap(rows);
 */
export function gradientHeatmap(
  source: RunLike | RowSource<GradientRow>,
  options: FigureOptions & Omit<LayerSeriesOptions, "per"> = {},
): PlotlySpec {
  checkOptions("figure.gradientHeatmap", options, { ...FIGURE_KINDS, statistic: text, weights: aFunction });
  const { statistic = "meanAbs" } = options;
  const look = theme(options.theme);
  const run = rowsOfOneRun(source, "gradients");
  const { labels, series } = layerSeries(run.rows, { ...options, per: "step" });
  const what = statisticTitle(statistic);
  // Steps that are categories stand close together however far apart the schedule measured them.
  const steps = series.map(({ step }) => String(step));
  const z = labels.map((_, layer) =>
    series.map(({ values }) => {
      const value = values[layer];
      return typeof value === "number" && value > 0 && Number.isFinite(value) ? significant(Math.log10(value)) : null;
    }),
  );
  const shown = z.flat().filter((value) => value !== null);
  const [low, high] = shown.length > 0 ? [Math.min(...shown), Math.max(...shown)] : [-8, 0];
  const odd = labels.flatMap((label, layer) =>
    series.flatMap(({ epoch, step, values }) => {
      const value = values[layer];
      if (value === null || value === undefined || (value > 0 && Number.isFinite(value))) return [];
      return [{ label, epoch, step: String(step), value }];
    }),
  );
  const data: PlotlyTrace[] = [
    {
      type: "heatmap",
      x: steps,
      y: labels,
      z,
      zmin: low,
      zmax: high,
      colorscale: look.sequence,
      hoverongaps: false,
      colorbar: colourBar(what, powerTicks(low, high)),
      hovertemplate: `<b>%{y}</b><br>step %{x}<br>log₁₀ ${what} %{z:.2f}<extra></extra>`,
    },
  ];
  if (odd.length > 0)
    data.push({
      type: "scatter",
      mode: "markers",
      name: "exactly 0 (×) or not finite (!)",
      x: odd.map(({ step }) => step),
      y: odd.map(({ label }) => label),
      marker: {
        symbol: odd.map(({ value }) => (value === 0 ? "x-thin-open" : "hash-open")),
        color: look.amplified,
        size: 7,
      },
      hovertext: odd.map(
        ({ label, epoch, step, value }) => `<b>${label}</b><br>epoch ${epoch}, step ${step}<br>${what} is ${value}`,
      ),
      hoverinfo: "text",
      showlegend: true,
    });
  return {
    data,
    layout: {
      ...baseLayout(options, {
        title: `Gradients over time${run.name ? `: ${run.name}` : ""}`,
        height: Math.max(420, Math.min(1100, 140 + 11 * labels.length)),
      }),
      xaxis: { type: "category", title: { text: "step" }, showgrid: false, nticks: 12 },
      yaxis: layerRows(labels),
    },
  };
}
