import { checkOptions, oneOf } from "../options";
import {
  type GradientRow,
  LAYER_SERIES_KINDS,
  type LayerSeries,
  type LayerSeriesOptions,
  type LayerTable,
  layerSeries,
} from "../rows";
import { alongChains } from "./parts/along-chains";
import { drawable, markBounds, type Bounds } from "./parts/drawable";
import { epochColourBar } from "./parts/epoch-colour-bar";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { layerAxis } from "./parts/layer-axis";
import { panelGrid, panelHeading, type GridPanel } from "./parts/panel-grid";
import type { PlotlyLayout, PlotlySpec, PlotlyTrace, ScatterTrace } from "./parts/plotly-spec";
import { namedRows, type RunSource } from "./parts/row-source";
import { statisticTitle } from "./parts/statistic-titles";
import { FEW_TIMES, timeColours } from "./parts/time-colours";
import { theme, type Theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";

/** Options of `ga.figure.gradientFlow`. */
export interface GradientFlowOptions extends FigureOptions, LayerSeriesOptions {
  /** Default: "log"; on a linear axis, which the original has, fifteen decades look the same. */
  axis?: "log" | "linear";
}

function line(entry: LayerSeries, table: LayerTable, panel: GridPanel, draw: Drawing): ScatterTrace {
  const { colour, unit, what, axis, bounds } = draw;
  return {
    type: "scatter",
    // A chain of one layer has no line.
    mode: table.labels.length > 60 && table.chains.length === 1 ? "lines" : "lines+markers",
    name: `${unit} ${entry[unit]}`,
    x: alongChains(table.labels, table.chains),
    y: alongChains(
      entry.values.map((value) => (value === null ? null : drawable(value, axis, bounds).value)),
      table.chains,
    ),
    xaxis: `x${panel.suffix}`,
    yaxis: `y${panel.suffix}`,
    line: { color: colour(entry), width: 1.4 },
    marker: { color: colour(entry), size: 4 },
    hovertemplate: `<b>%{x}</b><br>${unit} ${entry[unit]}<br>${what} %{y:.3e}<extra></extra>`,
    showlegend: false,
  };
}

interface Drawing {
  colour: (entry: LayerSeries) => string;
  unit: "epoch" | "step";
  what: string;
  axis: "log" | "linear";
  bounds: Bounds;
  look: Theme;
}

const markLooks = {
  zero: { name: "exactly 0 (drawn at the foot)", symbol: "triangle-down-open" },
  negative: { name: "negative (drawn at the foot)", symbol: "triangle-down" },
  "not finite": { name: "not finite (drawn at the top)", symbol: "x" },
} as const;

/** A trace for each kind of value that the axis cannot show. */
function marks(table: LayerTable, panel: GridPanel, draw: Drawing): ScatterTrace[] {
  const found = table.series.flatMap((entry) =>
    entry.values.flatMap((value, place) => {
      const mark = value === null ? null : drawable(value, draw.axis, draw.bounds).mark;
      return mark ? [{ mark, entry, label: table.labels[place] ?? "" }] : [];
    }),
  );
  return (["zero", "negative", "not finite"] as const).flatMap((kind): ScatterTrace[] => {
    const some = found.filter(({ mark }) => mark.kind === kind);
    if (some.length === 0) return [];
    const text = some.map(
      ({ mark, entry, label }) => `<b>${label}</b><br>${draw.unit} ${entry[draw.unit]}<br>${draw.what} is ${mark.text}`,
    );
    return [
      {
        type: "scatter",
        mode: "markers",
        name: markLooks[kind].name,
        x: some.map(({ label }) => label),
        y: some.map(({ mark }) => mark.position),
        xaxis: `x${panel.suffix}`,
        yaxis: `y${panel.suffix}`,
        marker: { symbol: markLooks[kind].symbol, color: draw.look.amplified, size: 8 },
        hovertext: text,
        hoverinfo: "text",
        cliponaxis: false,
        legendgroup: kind,
      },
    ];
  });
}

/**
 * Gradient flow: mean |gradient| of each layer's weights against depth, one line an epoch, early to late in colour.
 *
 * Biases and betas are left out and batch-norm gammas are in, as in figures 2, 3 and 5 of "Analysis of Vanishing
 * gradient problem". Branches that run in parallel are lines of their own. Several runs are drawn side by side on one
 * scale. What a logarithmic axis cannot show is marked: zeros at the foot, values that are not finite at the top.
 *
 * @param source A run, several runs, gradient rows, or a table of them.
 * @param options the axis, the statistic, theme and size
 * @throws {RangeError} if there are no gradient rows or the statistic was not measured
 * @example
 * import * as ga from "gradamp";
 * const row = { epoch: 1, step: 1, weight: "kernel", size: 9 };
 * const rows = [
 *   { ...row, index: 0, layer: "conv_0", meanAbs: 1e-9 },
 *   { ...row, index: 1, layer: "conv_1", meanAbs: 1e-3 },
 * ];
 * const figure = ga.figure.gradientFlow(rows, { theme: "dark" });
 * console.log(figure.spec.data.length);
 */
export function gradientFlow(source: RunSource<GradientRow>, options: GradientFlowOptions = {}): PlotlySpec {
  checkOptions("figure.gradientFlow", options, {
    ...FIGURE_KINDS,
    ...LAYER_SERIES_KINDS,
    axis: oneOf("log", "linear"),
  });
  const { axis = "log", statistic = "meanAbs", per: unit = "epoch" } = options;
  const look = theme(options.theme);
  const runs = namedRows(source, "gradients");
  const tables = runs.map((run) => layerSeries(run.rows, options));
  const panels = panelGrid(1, tables.length, { x: 0.04 });

  const times = [...new Set(tables.flatMap((table) => table.series.map((entry) => entry[unit])))].sort((a, b) => a - b);
  const colours = timeColours(times, look);
  const colour = (entry: LayerSeries) => colours.get(entry[unit]) ?? look.ink;
  const all = tables
    .flatMap((table) => table.series.flatMap((entry) => entry.values))
    .filter((value) => value !== null);
  const draw: Drawing = { colour, unit, what: statisticTitle(statistic), axis, bounds: markBounds(all, axis), look };

  const data: PlotlyTrace[] = [];
  const few = times.length > 1 && times.length <= FEW_TIMES;
  const layout: PlotlyLayout = {
    ...baseLayout(options, {
      title: runs.length === 1 && runs[0]?.name ? `Gradient flow: ${runs[0].name}` : "Gradient flow",
      height: 560,
    }),
    showlegend: few,
    annotations: panels.length > 1 ? panels.map((panel, at) => panelHeading(panel, runs[at]?.name ?? "")) : [],
  };
  const groups = new Set<string>();
  panels.forEach((panel, at) => {
    const table = tables[at] as LayerTable;
    const inLegend = (group: string) => groups.size < groups.add(group).size;
    for (const entry of table.series) {
      const own = line(entry, table, panel, draw);
      data.push(few ? { ...own, legendgroup: own.name ?? "", showlegend: inLegend(own.name ?? "") } : own);
    }
    for (const trace of marks(table, panel, draw)) {
      data.push({ ...trace, showlegend: inLegend(trace.legendgroup ?? "") });
      layout.showlegend = true;
    }
    layout[`xaxis${panel.suffix}`] = {
      ...layerAxis(table.labels, panels.length),
      domain: panel.x,
      anchor: `y${panel.suffix}`,
    };
    layout[`yaxis${panel.suffix}`] = {
      ...valueAxis(draw.what, axis, all),
      ...(at === 0 ? {} : { matches: "y" }),
      domain: panel.y,
      anchor: `x${panel.suffix}`,
    };
  });
  if (times.length > FEW_TIMES) data.push(epochColourBar([times[0]!, times.at(-1)!], unit, look));
  return { data, layout };
}
