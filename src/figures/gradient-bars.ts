import { aFunction, checkOptions, oneOf, orNull, texts, whole } from "../options";
import { type GradientRow, type RunLike, isShownWeight, layerSeries } from "../rows";
import { drawable, markBounds } from "./parts/drawable";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { layerAxis } from "./parts/layer-axis";
import type { PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { rowsOfOneRun, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { statisticTitle } from "./parts/statistic-titles";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";

/** Options of `ga.figure.gradientBars`. */
export interface GradientBarsOptions extends FigureOptions {
  /** Which epoch, from 1. Default: null, the last one measured. */
  epoch?: number | null;
  /** Columns from the tallest bar to the one in front. Default: `["maxAbs", "meanAbs"]`. */
  statistics?: readonly string[];
  /** Default: "log". */
  axis?: "log" | "linear";
  /** Which weights take part. Default: all but biases and betas. */
  weights?: (row: GradientRow) => boolean;
}

/**
 * Bars of the largest and the mean |gradient| of each layer at one epoch, the mean in front of the maximum.
 * On a logarithmic axis, which has no foot, they reach from the mean to the maximum.
 *
 * The other widespread way to look at gradient flow: a layer whose mean is tiny beside its maximum learns with few of
 * its weights.
 *
 * @param source A run, gradient rows, or a table of them.
 * @param options Any of `GradientBarsOptions`; none is needed.
 * @throws {RangeError} if the epoch or a statistic was not measured
 * @example
 * import * as ga from "gradamp";
 * const row = { epoch: 1, step: 1, weight: "kernel", size: 9 };
 * const rows = [
 *   { ...row, index: 0, layer: "conv_0", meanAbs: 1e-4, maxAbs: 1e-2 },
 *   { ...row, index: 1, layer: "conv_1", meanAbs: 1e-3, maxAbs: 4e-3 },
 * ];
 * const figure = ga.figure.gradientBars(rows);
 */
export function gradientBars(source: RunLike | RowSource<GradientRow>, options: GradientBarsOptions = {}): PlotlySpec {
  checkOptions("figure.gradientBars", options, {
    ...FIGURE_KINDS,
    epoch: orNull(whole(1)),
    statistics: texts,
    axis: oneOf("log", "linear"),
    weights: aFunction,
  });
  const { axis = "log", statistics = ["maxAbs", "meanAbs"], weights = isShownWeight } = options;
  const look = theme(options.theme);
  const run = rowsOfOneRun(source, "gradients");
  const rows = run.rows;
  const epochs = [...new Set(rows.map((row) => row.epoch))];
  const epoch = options.epoch ?? Math.max(...epochs);
  if (!epochs.includes(epoch))
    throw new RangeError(`Expected epoch to be one that was measured (${epochs.join(", ")}) but found ${epoch}`);
  const tables = statistics.map((statistic) =>
    layerSeries(
      rows.filter((row) => row.epoch === epoch),
      { statistic, weights },
    ),
  );
  const bounds = markBounds(
    tables.flatMap((table) => table.series.flatMap((entry) => entry.values)).filter((value) => value !== null),
    axis,
  );
  const labels = tables[0]?.labels ?? [];
  const colours = [look.categories[4], look.baseline, look.categories[1]];
  const valuesOf = (table: (typeof tables)[number]) =>
    (table.series.at(-1)?.values ?? []).map((value) => (value === null ? null : drawable(value, axis, bounds).value));
  const [front] = tables.slice(-1).map(valuesOf);
  const data: PlotlyTrace[] = tables.map((table, at): PlotlyTrace => {
    const what = statisticTitle(statistics[at] ?? "");
    const color = colours[at % colours.length] ?? look.ink;
    const common = {
      name: what,
      x: table.labels,
      customdata: valuesOf(table),
      hovertemplate: `<b>%{x}</b><br>epoch ${epoch}<br>${what} %{customdata:.3e}<extra></extra>`,
    };
    // A logarithmic axis has no foot that a bar could stand on: bars reach from the last statistic up to the others.
    const floats = axis === "log" && tables.length > 1 && at < tables.length - 1;
    if (axis === "log" && !floats)
      return {
        ...common,
        type: "scatter",
        mode: "markers",
        y: valuesOf(table),
        marker: { color, symbol: "circle", size: 5 },
      };
    const y = valuesOf(table).map((value, place) => {
      const foot = floats ? front?.[place] : 0;
      return value === null || typeof foot !== "number" ? null : significant(value - foot);
    });
    return {
      ...common,
      type: "bar",
      y,
      ...(floats ? { base: (front ?? []).map((value) => value ?? bounds.floor) } : {}),
      marker: { color, ...(at === 0 ? { opacity: 0.45 } : {}) },
    };
  });
  // A bar of nothing cannot be seen, so what has none is named where its bar would stand.
  const missing = tables.flatMap((table, at) =>
    (table.series.at(-1)?.values ?? []).flatMap((value, place) => {
      const mark = value === null ? null : drawable(value, axis, bounds).mark;
      return mark ? [{ mark, label: labels[place] ?? "", what: statisticTitle(statistics[at] ?? "") }] : [];
    }),
  );
  if (missing.length > 0)
    data.push({
      type: "scatter",
      mode: "markers",
      name: "▽ exactly 0, ✕ not finite",
      x: missing.map(({ label }) => label),
      y: missing.map(({ mark }) => mark.position),
      marker: {
        symbol: missing.map(({ mark }) => (mark.kind === "not finite" ? "x" : "triangle-down-open")),
        color: look.amplified,
        size: 8,
      },
      hovertext: missing.map(({ mark, label, what }) => `<b>${label}</b><br>${what} is ${mark.text}`),
      hoverinfo: "text",
    });
  const whose = run.name ? `: ${run.name}` : "";
  return {
    data,
    layout: {
      ...baseLayout(options, { title: `Gradients at epoch ${epoch}${whose}`, height: 560 }),
      barmode: "overlay",
      bargap: 0.25,
      showlegend: true,
      xaxis: layerAxis(labels),
      yaxis: valueAxis("|gradient|", axis, tables.flatMap(valuesOf)),
    },
  };
}
