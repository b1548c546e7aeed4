import { checkOptions, listOf, text, whole } from "../../options";
import type { HistogramRow, RunLike } from "../../rows";
import { epochOptionError } from "./epoch-option-error";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "../parts/figure-options";
import type { PlotlySpec, PlotlyTrace } from "../parts/plotly-spec";
import { powerTicks } from "../parts/power-ticks";
import { isRun } from "../parts/row-source";
import { runColours } from "../parts/run-colours";
import { significant } from "../parts/significant";
import { theme } from "../parts/theme";

/** Options of `ga.figure.histogramComparison`. */
export interface HistogramComparisonOptions extends FigureOptions {
  /** Default: the first that the first run has. */
  layer?: string;
  /** Which of its weights. Default: the first, which is the kernel or the gamma. */
  weight?: string;
  /** Epochs of each run, from 1. Default: of one run its first and its last, of several the last of each. */
  epochs?: readonly number[];
}

/**
 * How one layer's gradients are distributed in several runs, or at several epochs of one: |gradient| along x, the share
 * of the weights along y, an outline for each.
 *
 * @param source Runs that measured the statistic "histogram".
 * @param options Any of `HistogramComparisonOptions`; none is needed.
 * @throws {RangeError} if a run has no such histograms, or none of an epoch
 * @example
 * import * as ga from "gradamp";
 * const row = { index: 0, layer: "conv_0", weight: "kernel", low: -20, high: 0, zeros: 0, nonFinite: 0 };
 * const run = { name: "VGG38", histograms: [1, 2].map((epoch) => ({ ...row, epoch, step: epoch, counts: [1, 4 * epoch, 2] })) };
 * const figure = ga.figure.histogramComparison(run);
 */
export function histogramComparison(
  source: RunLike | readonly RunLike[],
  options: HistogramComparisonOptions = {},
): PlotlySpec {
  checkOptions("figure.histogramComparison", options, {
    ...FIGURE_KINDS,
    layer: text,
    weight: text,
    epochs: listOf(whole(1), "a list of epochs"),
  });
  const look = theme(options.theme);
  const runs = isRun(source) ? [source] : source;
  if (!Array.isArray(runs) || runs.length === 0 || !runs.every(isRun))
    throw new TypeError(
      "Expected a run or a list of runs; histograms of one weight tensor alone are gradientHistogram's",
    );
  const all = runs.map((run) => run.histograms ?? []);
  const layer = options.layer ?? all[0]?.[0]?.layer;
  const weight = options.weight ?? all[0]?.find((row) => row.layer === layer)?.weight;
  const several = runs.length > 1;
  const outlines = runs.flatMap((run, at) => {
    const own = all[at]!.filter((row) => row.layer === layer && row.weight === weight);
    if (own.length === 0)
      throw new RangeError(
        `Found no histograms${layer === undefined ? "" : ` of layer ${layer}`} in run ${run.name}; measure the statistic "histogram"`,
      );
    const measured = [...new Set(own.map(({ epoch }) => epoch))].sort((a, b) => a - b);
    const wanted = options.epochs ?? [...new Set([...(several ? [] : measured.slice(0, 1)), measured.at(-1)!])];
    return wanted.map((epoch) => {
      const row = own.filter((each) => each.epoch === epoch).at(-1);
      if (!row) throw epochOptionError(epoch, run.name, measured);
      const name = [several ? run.name : "", !several || wanted.length > 1 ? `epoch ${epoch}` : ""];
      return { name: name.filter((part) => part !== "").join(", "), row };
    });
  });
  const colours = runColours(
    outlines.map(({ name }) => name),
    look,
  );
  const log10 = Math.log10(2);
  const edgesOf = ({ low, high, counts }: HistogramRow) =>
    counts.map((_, bin) => (low + (bin * (high - low)) / counts.length) * log10);
  const filled = outlines.flatMap(({ row }) => {
    const width = ((row.high - row.low) / row.counts.length) * log10;
    return edgesOf(row).flatMap((edge, bin) => (row.counts[bin]! > 0 ? [edge, edge + width] : []));
  });
  const [from, to] = filled.length > 0 ? [Math.min(...filled), Math.max(...filled)] : [-8, 0];
  const data: PlotlyTrace[] = outlines.map(({ name, row }) => {
    const edges = edgesOf(row);
    // Of all weights, so that what is exactly 0 and in no bin is missing from the sum.
    const total = row.counts.reduce((sum, count) => sum + count, 0) + row.zeros + row.nonFinite;
    const colour = colours.get(name) ?? look.ink;
    return {
      type: "scatter",
      mode: "lines",
      name: row.zeros > 0 ? `${name} (${((100 * row.zeros) / total).toFixed(1)}% exactly 0)` : name,
      x: [...edges, row.high * log10].map(significant),
      y: [...row.counts.map((count) => significant(count / (total || 1))), 0],
      line: { color: colour, width: 1.8, shape: "hv" },
      fill: "tozeroy",
      fillcolor: `${colour}22`,
      hovertemplate: `<b>${name}</b><br>|gradient| 10^%{x:.2f}<br>%{y:.1%} of the weights<extra></extra>`,
    };
  });
  return {
    data,
    layout: {
      ...baseLayout(options, { title: `Distribution of |gradient|: ${layer} (${weight})`, height: 440 }),
      showlegend: true,
      xaxis: { title: { text: "|gradient|" }, range: [from - 0.1, to + 0.1], ...powerTicks(from, to) },
      yaxis: { title: { text: "share of weights" }, tickformat: ".0%", rangemode: "tozero" },
    },
  };
}
