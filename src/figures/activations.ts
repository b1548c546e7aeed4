import { checkOptions, orNull, whole } from "../options";
import { type OutputRow, type RunLike, momentRows } from "../rows";
import { alongChains } from "./parts/along-chains";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { layerAxis } from "./parts/layer-axis";
import type { PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { isRun, rowsOf, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";

/** What the figure takes of a layer's outputs. */
type ShownOutputs = Pick<OutputRow, "layer" | "chain" | "mean" | "deviation" | "zeroShare">;

/** Options of `ga.figure.activations`. */
export interface ActivationsOptions extends FigureOptions {
  /** Which epoch of a run, from 1. Default: null, the last one measured. */
  epoch?: number | null;
}

/**
 * The outputs of each layer against depth: mean with a band of one standard deviation above, the share near zero below.
 *
 * @param source A run that measured the statistic "outputs", or the rows of one step.
 * @param options Any of `ActivationsOptions`; none is needed.
 * @throws {RangeError} if there are no rows
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.activations([
 *   { layer: "relu_0", mean: 0.4, deviation: 0.6, zeroShare: 0.5 },
 *   { layer: "relu_1", mean: 0.1, deviation: 0.2, zeroShare: 0.8 },
 * ]);
 */
export function activations(source: RunLike | RowSource<ShownOutputs>, options: ActivationsOptions = {}): PlotlySpec {
  checkOptions("figure.activations", options, { ...FIGURE_KINDS, epoch: orNull(whole(1)) });
  const look = theme(options.theme);
  const rows: readonly ShownOutputs[] = isRun(source)
    ? momentRows(source.outputs ?? [], options.epoch ?? null, "outputs")
    : rowsOf(source);
  if (rows.length === 0) throw new RangeError("Expected the outputs of at least one layer but found none");
  const labels = rows.map(({ layer }) => layer);
  // Layers that lie in parallel branches do not feed each other, so no line leads from one to the next.
  const names = [...new Set(rows.map(({ chain }) => chain))];
  const chains = names.map((name) => [...rows.keys()].filter((place) => rows[place]!.chain === name));
  const edge = (chain: readonly number[], sign: 1 | -1) => ({
    type: "scatter" as const,
    mode: "lines" as const,
    x: chain.map((place) => labels[place]!),
    y: chain.map((place) => significant(rows[place]!.mean + sign * rows[place]!.deviation)),
    line: { width: 0, color: look.baseline },
    hoverinfo: "skip" as const,
  });
  return {
    data: [
      ...chains.flatMap((chain, at): PlotlyTrace[] => [
        { ...edge(chain, -1), showlegend: false },
        {
          ...edge(chain, 1),
          name: "± one standard deviation",
          fill: "tonexty",
          fillcolor: `${look.baseline}40`,
          ...(at > 0 && { showlegend: false }),
        },
      ]),
      {
        type: "scatter",
        mode: "lines+markers",
        name: "mean",
        x: alongChains(labels, chains),
        y: alongChains(
          rows.map(({ mean }) => significant(mean)),
          chains,
        ),
        line: { color: look.baseline, width: 1.8 },
        marker: { color: look.baseline, size: 5 },
        customdata: alongChains(
          rows.map(({ deviation }) => significant(deviation)),
          chains,
        ),
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
