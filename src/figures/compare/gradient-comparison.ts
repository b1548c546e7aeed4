import { aFunction, byName, checkOptions, oneOf, orNull, text, whole } from "../../options";
import { type GradientRow, layerSeries, type LayerTable } from "../../rows";
import { epochOptionError } from "./epoch-option-error";
import { drawable, markBounds } from "../parts/drawable";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "../parts/figure-options";
import { layerAxis } from "../parts/layer-axis";
import type { PlotlySpec, PlotlyTrace } from "../parts/plotly-spec";
import { namedRows, type RunSource } from "../parts/row-source";
import { runColours } from "../parts/run-colours";
import { significant } from "../parts/significant";
import { statisticTitle } from "../parts/statistic-titles";
import { theme } from "../parts/theme";
import { valueAxis } from "../parts/value-axis";

/** Options of `ga.figure.gradientComparison`. */
export interface GradientComparisonOptions extends FigureOptions {
  /** Which epoch of each run, from 1. Default: null, the last one measured of each. */
  epoch?: number | null;
  /** Which column of the rows. Default: "meanAbs". */
  statistic?: string;
  /** Which weights take part. Default: all but biases and betas. */
  weights?: (row: GradientRow) => boolean;
  /** "values", or "ratio": each run over the first, layer by layer, as far as both have the layer. Default: "values". */
  show?: "values" | "ratio";
  /** CSS colours by run name. Default: blue, red, … in the order of the runs. */
  colours?: Readonly<Record<string, string>>;
}

/** The values of one epoch by layer. */
export function valuesAt(table: LayerTable, epoch: number | null, name: string): Map<string, number> {
  const epochs = table.series.map((entry) => entry.epoch);
  const found = epoch === null ? table.series.at(-1) : table.series.find((entry) => entry.epoch === epoch);
  if (!found) throw epochOptionError(epoch, name, epochs);
  return new Map(
    table.labels.flatMap((label, at) => {
      const value = found.values[at];
      return typeof value === "number" ? [[label, value] as const] : [];
    }),
  );
}

/** The layers of several runs in forward order: those of the first, and others after the layer that they follow. */
export function layersOfAll(lists: readonly (readonly string[])[]): string[] {
  const all: string[] = [];
  for (const list of lists) {
    let place = 0;
    for (const label of list) {
      const known = all.indexOf(label);
      if (known < 0) all.splice(place, 0, label);
      place = all.indexOf(label) + 1;
    }
  }
  return all;
}

/**
 * Gradients of several runs in one panel, a line a run: amplified against original, or what each is of the first.
 *
 * @param source The runs, each with gradient rows.
 * @param options Any of `GradientComparisonOptions`; none is needed.
 * @throws {RangeError} if an epoch or the statistic was not measured, and for a ratio of fewer than two runs
 * @example
 * import * as ga from "gradamp";
 * const run = (name: string, scale: number) => ({
 *   name,
 *   gradients: [0, 1].map((index) => ({
 *     epoch: 1, step: 1, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs: scale * 10 ** -index,
 *   })),
 * });
 * const figure = ga.figure.gradientComparison([run("original", 1e-5), run("amplified", 4e-5)], { show: "ratio" });
 */
export function gradientComparison(
  source: RunSource<GradientRow>,
  options: GradientComparisonOptions = {},
): PlotlySpec {
  checkOptions("figure.gradientComparison", options, {
    ...FIGURE_KINDS,
    epoch: orNull(whole(1)),
    statistic: text,
    weights: aFunction,
    show: oneOf("values", "ratio"),
    colours: byName(text, "colours"),
  });
  const { epoch = null, statistic = "meanAbs", show = "values" } = options;
  if (show !== "values" && show !== "ratio")
    throw new RangeError(`Expected show to be "values" or "ratio" but found ${JSON.stringify(show)}`);
  const look = theme(options.theme);
  const runs = namedRows(source, "gradients");
  if (show === "ratio" && runs.length < 2)
    throw new RangeError(`Expected at least two runs for a ratio but found ${runs.length}`);
  const tables = runs.map(({ rows }) =>
    layerSeries(rows, { statistic, ...(options.weights ? { weights: options.weights } : {}) }),
  );
  const values = runs.map(({ name }, at) => valuesAt(tables[at]!, epoch, name));
  const labels = layersOfAll(tables.map((table) => table.labels));
  const what = statisticTitle(statistic);
  const colours = runColours(
    runs.map(({ name }) => name),
    look,
    options.colours,
  );
  const [first] = values;
  const drawn = runs.flatMap(({ name }, at) => {
    if (show === "ratio" && at === 0) return [];
    const own = labels.map((label) => {
      const value = values[at]?.get(label);
      if (value === undefined) return null;
      if (show === "values") return value;
      const base = first?.get(label);
      return base === undefined || base === 0 ? null : value / base;
    });
    return [{ name, own }];
  });
  // Where there are more runs than colours, those that share one are told apart by their lines.
  const repeated = (name: string) => {
    const turn = Math.floor([...colours.keys()].indexOf(name) / look.categories.length);
    return turn < 1 || options.colours?.[name]
      ? {}
      : { dash: turn % 2 === 1 ? ("dot" as const) : ("longdash" as const) };
  };
  const known = drawn.flatMap(({ own }) => own).filter((value) => value !== null);
  const bounds = markBounds(known, "log");
  const data: PlotlyTrace[] = drawn.map(({ name, own }) => ({
    type: "scatter",
    mode: "lines+markers",
    name: name === "" ? what : show === "ratio" ? `${name} / ${runs[0]?.name}` : name,
    x: labels,
    y: own.map((value) => (value === null ? null : drawable(value, "log", bounds).value)),
    // Layers that only others have are no gaps.
    connectgaps: true,
    line: { color: colours.get(name) ?? look.ink, width: 1.8, ...repeated(name) },
    marker: { color: colours.get(name) ?? look.ink, size: 4 },
    hovertemplate: `<b>%{x}</b><br>${name}<br>${show === "ratio" ? `over ${runs[0]?.name}` : what} %{y:.3e}<extra></extra>`,
  }));
  const marks = drawn.flatMap(({ name, own }) =>
    own.flatMap((value, at) => {
      const mark = value === null ? null : drawable(value, "log", bounds).mark;
      return mark ? [{ mark, name, label: labels[at] ?? "" }] : [];
    }),
  );
  if (marks.length > 0)
    data.push({
      type: "scatter",
      mode: "markers",
      name: "▽ exactly 0, ✕ not finite",
      x: marks.map(({ label }) => label),
      y: marks.map(({ mark }) => mark.position),
      marker: {
        symbol: marks.map(({ mark }) => (mark.kind === "not finite" ? "x" : "triangle-down-open")),
        color: marks.map(({ name }) => colours.get(name) ?? look.ink),
        size: 8,
      },
      hovertext: marks.map(({ mark, name, label }) => `<b>${label}</b><br>${name}<br>${mark.text}`),
      hoverinfo: "text",
    });
  if (show === "ratio")
    data.push({
      type: "scatter",
      mode: "lines",
      name: "the same",
      x: labels,
      y: labels.map(() => 1),
      line: { color: look.faint, width: 1.2, dash: "dash" },
      hoverinfo: "skip",
    });
  const shown = show === "ratio" ? [1, ...known] : known;
  return {
    data,
    layout: {
      ...baseLayout(options, {
        title: show === "ratio" ? `Gradients over those of ${runs[0]?.name}` : "Gradients of several runs",
        height: 520,
      }),
      showlegend: true,
      xaxis: layerAxis(labels),
      yaxis: valueAxis(show === "ratio" ? `ratio of ${what}` : what, "log", shown.map(significant)),
    },
  };
}
