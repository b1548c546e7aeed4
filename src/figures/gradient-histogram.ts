import { checkOptions, text } from "../options";
import type { HistogramRow, RunLike } from "../rows";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec } from "./parts/plotly-spec";
import { powerTicks } from "./parts/power-ticks";
import { isRun, rowsOf, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";
import { colourBar } from "./parts/colour-bar";

/** What the figure takes of a histogram. */
type ShownHistogram = Omit<HistogramRow, "index" | "zeros" | "nonFinite">;

/**
 * How a layer's gradients are distributed, over time: steps along x, |gradient| along y, the share of weights in colour.
 *
 * @param source A run that measured the statistic "histogram", or histograms of one weight tensor or of several, with
 * `layer` (and `weight`) to choose.
 * @param options Which layer and which weight (default: the first that occurs), title, size and theme.
 * @throws {RangeError} if there are none
 * @example
 * import * as ga from "gradamp";
 * const rows = [1, 2].map((step) => ({
 *   epoch: 1, step, layer: "conv_0", weight: "kernel", low: -20, high: 0, counts: [1, 4, 10 * step, 3],
 * }));
 * const figure = ga.figure.gradientHistogram(rows);
 */
export function gradientHistogram(
  source: RunLike | RowSource<ShownHistogram>,
  options: FigureOptions & { layer?: string; weight?: string } = {},
): PlotlySpec {
  checkOptions("figure.gradientHistogram", options, { ...FIGURE_KINDS, layer: text, weight: text });
  const look = theme(options.theme);
  const all: readonly ShownHistogram[] = isRun(source) ? (source.histograms ?? []) : rowsOf(source);
  const layer = options.layer ?? all[0]?.layer;
  const weight = options.weight ?? all.find((row) => row.layer === layer)?.weight;
  const rows = all.filter((row) => row.layer === layer && row.weight === weight).sort((a, b) => a.step - b.step);
  const [first] = rows;
  if (!first)
    throw new RangeError(
      `Found no histograms${options.layer ? ` of layer ${options.layer}` : ""}; measure the statistic "histogram"`,
    );
  const { low, high, counts } = first;
  const width = (high - low) / counts.length;
  const odd = rows.find((row) => row.low !== low || row.high !== high || row.counts.length !== counts.length);
  if (odd) throw new RangeError(`Expected the same bins at every step but found others at step ${odd.step}`);
  // Bins in which nothing ever fell would leave the figure empty.
  const filled = counts.flatMap((_, bin) => (rows.some((row) => (row.counts[bin] ?? 0) > 0) ? [bin] : []));
  const [from, to] = [filled[0] ?? 0, filled.at(-1) ?? counts.length - 1];
  const bins = counts.map((_, bin) => bin).slice(Math.max(0, from - 1), to + 2);
  const edges = [low + bins[0]! * width, low + (bins.at(-1)! + 1) * width].map((edge) => edge * Math.log10(2));
  const totals = rows.map((row) => row.counts.reduce((sum, count) => sum + count, 0));
  return {
    data: [
      {
        type: "heatmap",
        x: rows.map(({ step }) => String(step)),
        y: bins.map((bin) => significant((low + (bin + 0.5) * width) * Math.log10(2))),
        z: bins.map((bin) =>
          rows.map((row, at) => {
            const share = (row.counts[bin] ?? 0) / (totals[at] || 1);
            return share > 0 ? significant(share) : null;
          }),
        ),
        colorscale: [[0, look.grid], ...look.sequence.map(([at, colour]) => [0.15 + 0.85 * at, colour] as const)],
        zmin: 0,
        colorbar: colourBar("share of weights", { tickformat: ".0%", nticks: 6 }),
        hoverongaps: false,
        hovertemplate: `<b>${layer}</b><br>step %{x}<br>log₁₀ |gradient| %{y:.2f}<br>%{z:.1%} of the weights<extra></extra>`,
      },
    ],
    layout: {
      ...baseLayout(options, { title: `Distribution of |gradient|: ${layer} (${weight})`, height: 440 }),
      xaxis: { type: "category", title: { text: "step" }, showgrid: false, nticks: 12 },
      yaxis: { title: { text: "|gradient|" }, showgrid: false, ...powerTicks(edges[0]!, edges[1]!) },
    },
  };
}
