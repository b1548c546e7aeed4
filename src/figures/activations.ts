import { type OutputRow, type RunLike, momentRows } from "../rows";
import { baseLayout, type FigureOptions } from "./parts/figure-options";
import { layerAxis } from "./parts/layer-axis";
import type { PlotlySpec } from "./parts/plotly-spec";
import { isRun, rowsOf, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";

/** What the figure takes of a layer's outputs. */
type ShownOutputs = Pick<OutputRow, "layer" | "mean" | "deviation" | "zeroShare">;

export interface ActivationsOptions extends FigureOptions {
  /** Which epoch of a run, from 1. Default: null, the last one measured. */
  epoch?: number | null;
}

/**
 * The outputs of each layer against depth: mean with a band of one standard deviation above, the share near zero below.
 *
 * @param source A run that measured the statistic "outputs", or the rows of one step.
 * @throws {RangeError} if there are no rows
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.activations([
 *   { layer: "relu_0", mean: 0.4, deviation: 0.6, zeroShare: 0.5 },
 *   { layer: "relu_1", mean: 0.1, deviation: 0.2, zeroShare: 0.8 },
 * ]);
 */
export function activations(source: RunLike | RowSource<ShownOutputs>, options: ActivationsOptions = {}): PlotlySpec {
  const look = theme(options.theme);
  const rows: readonly ShownOutputs[] = isRun(source)
    ? momentRows(source.outputs ?? [], options.epoch ?? null, "outputs")
    : rowsOf(source);
  if (rows.length === 0) throw new RangeError("Expected the outputs of at least one layer but found none");
  const labels = rows.map(({ layer }) => layer);
  const edge = (sign: 1 | -1) => ({
    type: "scatter" as const,
    mode: "lines" as const,
    x: labels,
    y: rows.map(({ mean, deviation }) => significant(mean + sign * deviation)),
    line: { width: 0, color: look.baseline },
    hoverinfo: "skip" as const,
  });
  return {
    data: [
      { ...edge(-1), showlegend: false },
      { ...edge(1), name: "± one standard deviation", fill: "tonexty", fillcolor: `${look.baseline}40` },
      {
        type: "scatter",
        mode: "lines+markers",
        name: "mean",
        x: labels,
        y: rows.map(({ mean }) => significant(mean)),
        line: { color: look.baseline, width: 1.8 },
        marker: { color: look.baseline, size: 5 },
        customdata: rows.map(({ deviation }) => significant(deviation)),
        hovertemplate: "<b>%{x}</b><br>mean %{y:.3g} ± %{customdata:.3g}<extra></extra>",
      },
      {
        type: "bar",
        x: labels,
        y: rows.map(({ zeroShare }) => significant(zeroShare)),
        marker: { color: look.faint },
        hovertemplate: "<b>%{x}</b><br>%{y:.1%} near zero<extra></extra>",
        showlegend: false,
        yaxis: "y2",
      },
    ],
    layout: {
      ...baseLayout(options, { title: "Outputs of the layers", height: 600 }),
      showlegend: true,
      xaxis: { ...layerAxis(labels), anchor: "y2" },
      yaxis: { title: { text: "output" }, domain: [0.38, 1], zeroline: true },
      yaxis2: { title: { text: "share near zero" }, domain: [0, 0.32], anchor: "x", tickformat: ".0%", range: [0, 1] },
    },
  };
}
