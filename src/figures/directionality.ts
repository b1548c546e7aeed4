import { anyNumber, checkOptions, oneOf, orNull, whole } from "../options";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { layerAxis } from "./parts/layer-axis";
import type { PlotlySpec, ScatterTrace } from "./parts/plotly-spec";
import { isRun, rowsOf, type RowSource } from "./parts/row-source";
import {
  DIRECTIONALITIES,
  type Directionality,
  type JudgedLayer,
  normalisedSymbol,
  ratioSymbol,
  type RunLike,
  selectionRows,
} from "../rows";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";

/** Options of `ga.figure.directionality`. */
export interface DirectionalityOptions extends FigureOptions {
  /** Drawn as a line; null for none, or for what a run's selection went by. Default: null. */
  threshold?: number | null;
  /** "one": above the threshold; "both": on either side of it. Default: "one". */
  sides?: "one" | "both";
  /** Which ratio it is, for the labels; of a run that only measured it, which to draw. Default: "G". */
  directionality?: Directionality;
  /**
   * Which epoch's gradients, from 1, where a run is given. Default: null, those that decided last, or were measured
   * last where none decided.
   */
  epoch?: number | null;
}

/** What each option of the figure may be. */
export const DIRECTIONALITY_KINDS = {
  ...FIGURE_KINDS,
  threshold: orNull(anyNumber),
  sides: oneOf("one", "both"),
  directionality: oneOf(...DIRECTIONALITIES),
  epoch: orNull(whole(1)),
};

/**
 * Normalised directionality of each layer against depth, with the threshold, and the layers it selects in red.
 *
 * Eq. 4–9 and Algorithm 1 of "Intelligent gradient amplification" (2023). Hovering tells the ratio itself.
 *
 * @param source A run with an intelligent schedule or the statistic "directionality", or the rows of one epoch.
 * @param options Any of `DirectionalityOptions`; none is needed.
 * @throws {RangeError} if there are no rows
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
export function directionality(
  source: RunLike | RowSource<JudgedLayer>,
  options: DirectionalityOptions = {},
): PlotlySpec {
  checkOptions("figure.directionality", options, DIRECTIONALITY_KINDS);
  const found = isRun(source)
    ? selectionRows(source, { epoch: options.epoch ?? null, directionality: options.directionality ?? null })
    : { rows: rowsOf(source), threshold: null, sides: "one" as const, directionality: "G" as const };
  const { threshold, sides, directionality: ratio } = { ...found, ...options };
  const look = theme(options.theme);
  const { rows } = found;
  if (rows.length === 0) throw new RangeError("Expected the directionality of at least one layer but found none");
  const labels = rows.map(({ layer }) => layer);
  const name = normalisedSymbol(ratio);
  const plain = ratioSymbol(ratio);
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
    data: [
      bar(false),
      bar(true),
      // In the legend, where its name covers no bar.
      ...lines.map((level, at): ScatterTrace => ({
        type: "scatter",
        mode: "lines",
        name: `threshold ${lines.length > 1 ? "±" : ""}${String(threshold).replace("-", "−")}`,
        legendgroup: "threshold",
        showlegend: at === 0,
        x: labels,
        y: labels.map(() => level),
        line: { color: look.ink, width: 1.2, dash: "dash" },
        hoverinfo: "skip",
      })),
    ],
    layout: {
      ...baseLayout(options, { title: `Directionality of the layers' gradients (${name})`, height: 500 }),
      barmode: "overlay",
      bargap: 0.25,
      showlegend: true,
      xaxis: layerAxis(labels),
      yaxis: { title: { text: `normalised ratio ${name}` }, zeroline: true },
    },
  };
}
