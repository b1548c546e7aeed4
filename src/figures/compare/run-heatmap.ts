import { checkOptions, orNull, text, whole } from "../../options";
import { type GradientRow, layerSeries, type RunLike } from "../../rows";
import { colourBar } from "../parts/colour-bar";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "../parts/figure-options";
import { layerRows } from "../parts/layer-axis";
import type { PlotlySpec, PlotlyTrace } from "../parts/plotly-spec";
import { powerTicks } from "../parts/power-ticks";
import { namedRows } from "../parts/row-source";
import { significant } from "../parts/significant";
import { statisticTitle } from "../parts/statistic-titles";
import { theme } from "../parts/theme";
import { layersOfAll, valuesAt } from "./gradient-comparison";

/** Options of `ga.figure.runHeatmap`. */
export interface RunHeatmapOptions extends FigureOptions {
  /** Which epoch of each run, from 1. Default: null, the last one measured of each. */
  epoch?: number | null;
  /** Which column of the rows. Default: "meanAbs". */
  statistic?: string;
}

/**
 * Gradients of many runs as a map: a row a layer, from input (top) to head, a column a run, log₁₀ of the statistic in
 * colour. Zeros are crosses, values that are not finite are hashes; a layer that a run has not is a gap.
 *
 * @param runs The runs, from top to bottom.
 * @param options Any of `RunHeatmapOptions`; none is needed.
 * @throws {RangeError} if an epoch or the statistic was not measured
 * @example
 * import * as ga from "gradamp";
 * const run = (name: string, scale: number) => ({
 *   name,
 *   gradients: [0, 1].map((index) => ({
 *     epoch: 1, step: 1, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs: scale * 10 ** -index,
 *   })),
 * });
 * const figure = ga.figure.runHeatmap([run("original", 1e-5), run("amplified", 4e-5)]);
 */
export function runHeatmap(runs: readonly RunLike[], options: RunHeatmapOptions = {}): PlotlySpec {
  checkOptions("figure.runHeatmap", options, { ...FIGURE_KINDS, epoch: orNull(whole(1)), statistic: text });
  const { epoch = null, statistic = "meanAbs" } = options;
  const look = theme(options.theme);
  const named = namedRows<"gradients">(runs, "gradients");
  const tables = named.map(({ rows }: { rows: readonly GradientRow[] }) => layerSeries(rows, { statistic }));
  const values = named.map(({ name }, at) => valuesAt(tables[at]!, epoch, name));
  const labels = layersOfAll(tables.map((table) => table.labels));
  // Runs of one name are columns of their own.
  const names = named.map(({ name }, at) => {
    const before = named.slice(0, at).filter((other) => other.name === name).length;
    return before > 0 ? `${name} (${before + 1})` : name;
  });
  const what = statisticTitle(statistic);
  const z = labels.map((label) =>
    values.map((own) => {
      const value = own.get(label);
      return value !== undefined && value > 0 && Number.isFinite(value) ? significant(Math.log10(value)) : null;
    }),
  );
  const logs = z.flat().filter((value) => value !== null);
  const [low, high] = logs.length > 0 ? [Math.min(...logs), Math.max(...logs)] : [-8, 0];
  const odd = labels.flatMap((label) =>
    values.flatMap((own, at) => {
      const value = own.get(label);
      return value === undefined || (value > 0 && Number.isFinite(value)) ? [] : [{ label, run: names[at]!, value }];
    }),
  );
  const data: PlotlyTrace[] = [
    {
      type: "heatmap",
      x: names,
      y: labels,
      z,
      zmin: low,
      zmax: high,
      xgap: 1,
      colorscale: look.sequence,
      hoverongaps: false,
      colorbar: colourBar(what, powerTicks(low, high)),
      hovertemplate: `<b>%{y}</b><br>%{x}<br>log₁₀ ${what} %{z:.2f}<extra></extra>`,
    },
  ];
  if (odd.length > 0)
    data.push({
      type: "scatter",
      mode: "markers",
      name: "exactly 0 (×) or not finite (#)",
      x: odd.map(({ run }) => run),
      y: odd.map(({ label }) => label),
      marker: {
        symbol: odd.map(({ value }) => (value === 0 ? "x-thin-open" : "hash-open")),
        color: look.amplified,
        size: 7,
      },
      hovertext: odd.map(({ label, run, value }) => `<b>${label}</b><br>${run}<br>${what} is ${value}`),
      hoverinfo: "text",
    });
  return {
    data,
    layout: {
      ...baseLayout(options, {
        title: "Gradients by layer and run",
        height: Math.max(420, Math.min(1100, 160 + 11 * labels.length)),
      }),
      showlegend: odd.length > 0,
      xaxis: { type: "category", categoryorder: "array", categoryarray: names, showgrid: false },
      yaxis: layerRows(labels),
    },
  };
}
