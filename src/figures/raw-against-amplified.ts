import { checkOptions, orNull, whole } from "../options";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { layerAxis } from "./parts/layer-axis";
import type { PlotlySpec } from "./parts/plotly-spec";
import { type AmplificationRow, type RunLike, amplificationRows } from "../rows";
import { isRun, rowsOf, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";

/** Options of `ga.figure.rawAgainstAmplified`. */
export interface RawAgainstAmplifiedOptions extends FigureOptions {
  /**
   * Which epoch of a run, from 1. Default: null, the last one in which layers were amplified and both were measured.
   */
  epoch?: number | null;
}

/**
 * What amplification does to each layer's gradient: mean |gradient| raw (blue) and amplified (red) above, the factor
 * between them below; the layers that amplify are marked.
 *
 * Under `scope: "backprop"` the factor grows from head to input by Γ at each amplified layer of a chain, under
 * `"parameters"` it is Γ at the amplified layers and 1 elsewhere. A factor of a gradient that is 0 is left out.
 *
 * @param source A run that measured the statistic "amplification", or rows of one step.
 * @param options Any of `RawAgainstAmplifiedOptions`; none is needed.
 * @throws {RangeError} if there are no rows
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.rawAgainstAmplified([
 *   { layer: "conv_0", raw: 1e-6, amplified: 4e-6, selected: true },
 *   { layer: "conv_1", raw: 1e-4, amplified: 2e-4, selected: true },
 *   { layer: "dense", raw: 1e-3, amplified: 1e-3, selected: false },
 * ]);
 */
export function rawAgainstAmplified(
  source: RunLike | RowSource<AmplificationRow>,
  options: RawAgainstAmplifiedOptions = {},
): PlotlySpec {
  checkOptions("figure.rawAgainstAmplified", options, { ...FIGURE_KINDS, epoch: orNull(whole(1)) });
  const look = theme(options.theme);
  const rows = isRun(source) ? amplificationRows(source, options.epoch ?? null) : rowsOf(source);
  if (rows.length === 0) throw new RangeError("Expected the gradients of at least one layer but found none");
  const labels = rows.map(({ layer }) => layer);
  const onLog = (value: number) => (value > 0 ? significant(value) : null);
  const line = (name: string, color: string, values: readonly number[]) => ({
    type: "scatter" as const,
    mode: "lines+markers" as const,
    name,
    x: labels,
    y: values.map(onLog),
    line: { color, width: 1.8 },
    marker: { color, size: 5 },
    hovertemplate: `<b>%{x}</b><br>${name} mean |gradient| %{y:.3e}<extra></extra>`,
  });
  const factors = rows.map(({ raw, amplified }) => (raw > 0 ? significant(amplified / raw) : null));
  const known = [1, ...factors.filter((factor) => factor !== null && factor > 0)] as number[];
  const selected = rows.filter((row) => row.selected);
  return {
    data: [
      line(
        "raw",
        look.baseline,
        rows.map(({ raw }) => raw),
      ),
      line(
        "amplified",
        look.amplified,
        rows.map(({ amplified }) => amplified),
      ),
      {
        type: "scatter",
        mode: "markers",
        name: "amplifies",
        x: selected.map(({ layer }) => layer),
        y: selected.map(({ amplified }) => onLog(amplified)),
        marker: { symbol: "diamond-open", color: look.ink, size: 11 },
        hoverinfo: "skip",
      },
      {
        type: "bar",
        name: "factor",
        x: labels,
        // From 1, which is no amplification.
        base: 1,
        y: factors.map((factor) => (factor === null ? null : significant(factor - 1))),
        customdata: factors,
        marker: { color: rows.map((row) => (row.selected ? look.amplified : look.faint)) },
        hovertemplate: "<b>%{x}</b><br>amplified / raw %{customdata:.4g}<extra></extra>",
        showlegend: false,
        xaxis: "x",
        yaxis: "y2",
      },
    ],
    layout: {
      ...baseLayout(options, { title: "Raw against amplified gradients", height: 600 }),
      showlegend: true,
      xaxis: { ...layerAxis(labels), anchor: "y2" },
      yaxis: {
        ...valueAxis(
          "mean |gradient|",
          "log",
          rows.flatMap(({ raw, amplified }) => [raw, amplified]),
        ),
        domain: [0.38, 1],
      },
      yaxis2: {
        ...valueAxis("amplified / raw", "log", factors),
        range: [Math.log10(Math.min(...known)) - 0.04, Math.log10(Math.max(...known, 1.3)) + 0.04],
        domain: [0, 0.32],
        anchor: "x",
      },
    },
  };
}
