import { baseLayout, type FigureOptions } from "./figure-options";
import { layerAxis } from "./layer-axis";
import type { PlotlyShape, PlotlySpec } from "./plotly-spec";
import { rowsOf, type RowSource } from "./row-source";
import { significant } from "./significant";
import { theme } from "./theme";

/** The directionality of one layer over one epoch. */
export interface DirectionalityRow {
  /** In forward order. */
  layer: string;
  /** The ratio itself, G or G′, from 0 to 1. */
  ratio: number;
  /** Normalised over the layers: (ratio − mean) / deviation. */
  normalized: number;
  /** Whether the layer was chosen for amplification. */
  selected: boolean;
}

export interface DirectionalityOptions extends FigureOptions {
  /** Drawn as a line; null (default) for none. */
  threshold?: number | null;
  /** "one" (default): above the threshold; "both": on either side of it. */
  sides?: "one" | "both";
  /** Which ratio it is, for the labels. Default "G". */
  measure?: "G" | "GPrime";
}

/**
 * Normalised directionality of each layer against depth, with the threshold, and the layers it selects in red.
 *
 * Eq. 4–9 and Algorithm 1 of "Intelligent gradient amplification" (2023). Hovering tells the ratio itself.
 *
 * @throws RangeError where there are no rows.
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.directionality(
 *   [
 *     { layer: "conv_0", ratio: 0.2, normalized: -0.7, selected: false },
 *     { layer: "conv_1", ratio: 0.6, normalized: 1.9, selected: true },
 *   ],
 *   { threshold: 1.5 },
 * );
 */
export function directionality(source: RowSource<DirectionalityRow>, options: DirectionalityOptions = {}): PlotlySpec {
  const { threshold = null, sides = "one", measure = "G" } = options;
  const look = theme(options.theme);
  const rows = rowsOf(source);
  if (rows.length === 0) throw new RangeError("Expected the directionality of at least one layer but found none");
  const labels = rows.map(({ layer }) => layer);
  const name = measure === "G" ? "Ĝ" : "Ĝ′";
  const plain = measure === "G" ? "G" : "G′";
  const lines = threshold === null ? [] : sides === "both" ? [threshold, -threshold] : [threshold];
  const bar = (selected: boolean) => {
    const own = rows.filter((row) => row.selected === selected);
    return {
      type: "bar" as const,
      name: selected ? `amplified (${own.length} of ${rows.length})` : "not amplified",
      x: own.map(({ layer }) => layer),
      y: own.map(({ normalized }) => significant(normalized)),
      marker: { color: selected ? look.amplified : look.baseline, opacity: selected ? 1 : 0.6 },
      customdata: own.map(({ ratio }) => significant(ratio)),
      hovertemplate: `<b>%{x}</b><br>${name} %{y:.3f}<br>${plain} %{customdata:.4f}<extra></extra>`,
    };
  };
  return {
    data: [bar(false), bar(true)],
    layout: {
      ...baseLayout(options, { title: `Directionality of the layers' gradients (${name})`, height: 500 }),
      barmode: "overlay",
      bargap: 0.25,
      showlegend: true,
      legend: { orientation: "h", x: 1, y: 0.99, xanchor: "right", yanchor: "top", yref: "container" },
      shapes: lines.map((level): PlotlyShape => ({
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: level,
        y1: level,
        line: { color: look.ink, width: 1.2, dash: "dash" },
      })),
      annotations: lines.map((level) => ({
        text: `threshold ${level}`,
        xref: "paper",
        x: 0.005,
        xanchor: "left" as const,
        y: level,
        yanchor: "bottom" as const,
        showarrow: false,
        font: { size: 11 },
        bgcolor: look.ground,
      })),
      xaxis: layerAxis(labels),
      yaxis: { title: { text: `normalised ratio ${name}` }, zeroline: true },
    },
  };
}
