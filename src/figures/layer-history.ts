import { checkOptions, oneOf, required, text } from "../options";
import type { GradientRow, RunLike } from "../rows";
import { epochAxis } from "./parts/epoch-axis";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { rowsOfOneRun, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";

/** Options of `ga.figure.layerHistory`. */
export interface LayerHistoryOptions extends FigureOptions {
  /** The layer's name. */
  layer: string;
  /** Which of its weights. Default: the first, which is the kernel or the gamma. */
  weight?: string;
  /** Default: "log". */
  axis?: "log" | "linear";
}

const bands = [
  ["q05", "q95", "5–95%", "2b"],
  ["q25", "q75", "25–75%", "55"],
] as const;

/**
 * One layer over the whole training: mean |gradient| as a line and, where they were measured, quantiles of |gradient|
 * as bands (columns q05, q25, q50, q75, q95) and the maximum dotted (column maxAbs).
 *
 * @param source A run, gradient rows, or a table of them.
 * @param options See `LayerHistoryOptions`.
 * @throws {RangeError} if the layer or its weight does not occur
 * @example
 * import * as ga from "gradamp";
 * const rows = [1, 2, 3].map((step) => ({
 *   epoch: 1, step, index: 0, layer: "conv_0", weight: "kernel", size: 9, meanAbs: 10 ** -step, q25: 0.5 * 10 ** -step,
 *   q75: 2 * 10 ** -step,
 * }));
 * const figure = ga.figure.layerHistory(rows, { layer: "conv_0" });
 */
export function layerHistory(source: RunLike | RowSource<GradientRow>, options: LayerHistoryOptions): PlotlySpec {
  checkOptions("figure.layerHistory", options, {
    ...FIGURE_KINDS,
    layer: required(text),
    weight: text,
    axis: oneOf("log", "linear"),
  });
  const { layer, axis = "log" } = options;
  const look = theme(options.theme);
  const run = rowsOfOneRun(source, "gradients");
  const all = run.rows;
  const ofLayer = all.filter((row) => row.layer === layer);
  const asked = ofLayer.filter(({ weight }) => options.weight === undefined || weight === options.weight);
  // One weight tensor: older runs have several of one name.
  const index = Math.min(...asked.map((row) => row.index));
  const rows = asked.filter((row) => row.index === index).sort((a, b) => a.step - b.step);
  const weight = rows[0]?.weight;
  if (rows.length === 0) {
    const known = [
      ...new Set((ofLayer.length > 0 ? ofLayer : all).map((row) => (ofLayer.length > 0 ? row.weight : row.layer))),
    ];
    throw new RangeError(
      `Expected ${ofLayer.length > 0 ? `weight ${options.weight} of layer ${layer}` : `layer ${layer}`} in the gradient rows but found ${known.slice(0, 8).join(", ")}${known.length > 8 ? ", …" : ""}`,
    );
  }
  const steps = rows.map(({ step }) => step);
  // A logarithmic axis has no place for zeros; they are marked below.
  const shown = (column: string) =>
    rows.map((row) => {
      const value = row[column];
      return typeof value === "number" && (axis === "linear" || value > 0) ? significant(value) : null;
    });
  const has = (column: string) => rows.some((row) => typeof row[column] === "number");
  const data: PlotlyTrace[] = [];
  for (const [low, high, name, alpha] of bands) {
    if (!has(low) || !has(high)) continue;
    const edges = { type: "scatter", mode: "lines", x: steps, line: { width: 0, color: look.baseline } } as const;
    data.push(
      { ...edges, y: shown(low), showlegend: false, hoverinfo: "skip" },
      {
        ...edges,
        name,
        y: shown(high),
        fill: "tonexty",
        fillcolor: `${look.baseline}${alpha}`,
        hovertemplate: `step %{x}<br>${name} up to %{y:.3e}<extra></extra>`,
      },
    );
  }
  for (const [column, name, dash, color] of [
    ["maxAbs", "max", "dot", look.faint],
    ["q50", "median", "dash", look.baseline],
    ["meanAbs", "mean", "solid", look.amplified],
  ] as const)
    if (has(column))
      data.push({
        type: "scatter",
        mode: rows.length <= 20 ? "lines+markers" : "lines",
        name,
        x: steps,
        y: shown(column),
        line: { color, dash, width: 1.8 },
        marker: { color, size: 5 },
        customdata: rows.map(({ epoch }) => epoch),
        hovertemplate: `<b>${layer}</b><br>epoch %{customdata}, step %{x}<br>${name} |gradient| %{y:.3e}<extra></extra>`,
      });
  const odd = rows.filter(({ meanAbs }) => !Number.isFinite(meanAbs) || (axis === "log" && meanAbs <= 0));
  if (odd.length > 0) {
    const finite = rows.map(({ meanAbs }) => meanAbs).filter((value) => Number.isFinite(value) && value > 0);
    const foot = finite.length > 0 ? Math.min(...finite) / 3 : 1e-8;
    data.push({
      type: "scatter",
      mode: "markers",
      name: "mean is exactly 0 or not finite",
      x: odd.map(({ step }) => step),
      y: odd.map(() => significant(foot)),
      marker: { symbol: "x", color: look.ink, size: 8 },
      hovertext: odd.map(({ epoch, step, meanAbs }) => `epoch ${epoch}, step ${step}<br>mean |gradient| is ${meanAbs}`),
      hoverinfo: "text",
    });
  }
  return {
    data,
    layout: {
      ...baseLayout(options, { title: `${layer} (${weight})${run.name ? `: ${run.name}` : ""}`, height: 440 }),
      showlegend: true,
      xaxis: epochAxis(steps, "step"),
      yaxis: valueAxis(
        "|gradient|",
        axis,
        data.flatMap((trace) => trace.y as readonly (number | null)[]),
      ),
    },
  };
}
