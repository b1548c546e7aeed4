import { checkOptions, type KindsOf, listOf, number, oneOf, text } from "../options";
import { columnType, type StepRow } from "../rows";
import { epochAxis } from "./parts/epoch-axis";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { lossTitle } from "./parts/loss-title";
import { panelGrid, panelHeading } from "./parts/panel-grid";
import type { PlotlyAnnotation, PlotlyAxis, PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { namedRows, type RunSource } from "./parts/row-source";
import { runColours } from "./parts/run-colours";
import { significant } from "./parts/significant";
import { smoothed } from "./parts/smoothed";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";

/** Options of `ga.figure.stepCurves`. */
export interface StepCurvesOptions extends FigureOptions {
  /**
   * Columns of the rows, one panel each: "loss", "accuracy", "gradientNorm", "learningRate", or what callbacks have logged.
   * Default: loss, the gradients' norm, and what was logged.
   */
  columns?: readonly string[];
  /** The axis of the loss and of what was logged; norms have a logarithmic one. Default: "linear". */
  axis?: "linear" | "log";
  /**
   * How much each step is drawn towards those before it, from 0 (not at all) up to, not including, 1; the measured values stay
   * visible, pale. Default: 0.
   */
  smoothing?: number;
}

const STEP_KINDS: KindsOf<StepCurvesOptions> = {
  ...FIGURE_KINDS,
  columns: listOf(text, "a list of columns"),
  axis: oneOf("linear", "log"),
  smoothing: number("to lie in [0, 1)", (found) => found >= 0 && found < 1),
};

const HEADINGS: Readonly<Record<string, string>> = {
  loss: "Loss",
  accuracy: "Accuracy",
  gradientNorm: "Norm of the gradients",
  learningRate: "Learning rate",
};

/**
 * What single steps showed, a panel for each of loss, norm of the gradients and what callbacks have logged, of one or several
 * runs.
 *
 * Values that are no finite number leave a gap.
 *
 * @param source A run that was trained with `logEvery`, several runs, rows of steps, or a table of them.
 * @param options Any of `StepCurvesOptions`; none is needed.
 * @throws {RangeError} if there are no rows of steps, or none with a value of a column
 * @example
 * import * as ga from "gradamp";
 * const rows = [1, 2, 3].map((step) => ({
 *   epoch: 1, step, loss: 2 / step, accuracy: null, learningRate: 0.1, gradientNorm: 1 / step, temperature: 3 - step,
 * }));
 * const figure = ga.figure.stepCurves(rows, { smoothing: 0.6 });
 */
export function stepCurves(source: RunSource<StepRow>, options: StepCurvesOptions = {}): PlotlySpec {
  checkOptions("figure.stepCurves", options, STEP_KINDS);
  const { axis = "linear", smoothing = 0 } = options;
  const look = theme(options.theme);
  const runs = namedRows(source, "steps");
  const columns = options.columns ?? ["loss", "gradientNorm", ...loggedIn(runs.flatMap(({ rows }) => rows))];
  const names = runs.map(({ name }) => name);
  const colours = runColours(names, look);
  const panels = panelGrid(1, columns.length, { x: 0.12 });
  const data: PlotlyTrace[] = [];
  const headings: PlotlyAnnotation[] = [];
  const axes: Record<string, PlotlyAxis> = {};
  const steps = epochAxis(
    runs.flatMap(({ rows }) => rows.map(({ step }) => step)),
    "step",
  );
  panels.forEach((panel, at) => {
    const column = columns[at]!;
    const own = { xaxis: `x${panel.suffix}`, yaxis: `y${panel.suffix}` };
    const isLog = column === "gradientNorm" || (axis === "log" && column !== "accuracy");
    const shown: (number | null)[] = [];
    for (const { name, rows } of runs) {
      // A row of what was logged alone is no gap in the others.
      const having = rows.filter((row) => typeof row[column] === "number");
      const values = having.map((row) => (isLog && row[column]! <= 0 ? null : significant(row[column]!)));
      if (having.length === 0) continue;
      shown.push(...values);
      const label = name === "" ? "steps" : name;
      const colour = colours.get(name) ?? look.ink;
      const curve = {
        type: "scatter",
        name: label,
        legendgroup: label,
        x: having.map(({ step }) => step),
        ...own,
        hovertemplate: `<b>${label}</b><br>step %{x}<br>${column} %{y:.4~g}<extra></extra>`,
      } as const;
      if (smoothing > 0)
        data.push({ ...curve, mode: "lines", y: values, line: { color: colour, width: 1 }, opacity: 0.3, hoverinfo: "skip", hovertemplate: "", showlegend: false }); // prettier-ignore
      data.push({
        ...curve,
        mode: having.length <= 20 ? "lines+markers" : "lines",
        y: smoothed(values, smoothing).map(significant),
        line: { color: colour, width: 1.6 },
        marker: { color: colour, size: 4 },
        showlegend: runs.length > 1 && !data.some((trace) => trace.name === label && trace.showlegend),
      });
    }
    if (shown.length === 0)
      throw new RangeError(
        `Expected rows of steps with ${column} but found none; there are ${columnsIn(runs.flatMap(({ rows }) => rows)).join(", ")}`,
      );
    headings.push(panelHeading(panel, HEADINGS[column] ?? column));
    axes[`xaxis${panel.suffix}`] = { ...steps, domain: panel.x, anchor: own.yaxis };
    const title = column === "loss" ? lossTitle(source) : column === "gradientNorm" ? "‖gradient‖₂" : column;
    axes[`yaxis${panel.suffix}`] = {
      ...(isLog ? valueAxis("", "log", shown) : { exponentformat: "power" }),
      ...(column === "accuracy" ? { tickformat: ".0%", rangemode: "tozero" } : {}),
      title: { text: title },
      anchor: own.xaxis,
    };
  });
  const title = `Steps${runs.length === 1 && names[0] !== "" ? `: ${names[0]}` : ""}`;
  return {
    data,
    layout: {
      ...baseLayout(options, { title, height: 460 }),
      ...axes,
      showlegend: runs.length > 1,
      annotations: headings,
    },
  };
}

/** The columns of which some row has a number. */
function columnsIn(rows: readonly StepRow[]): string[] {
  const found = new Set<string>();
  for (const row of rows) for (const [column, value] of Object.entries(row)) if (value !== null) found.add(column);
  return [...found].filter((column) => column !== "epoch" && column !== "step");
}

/** What callbacks have logged. */
const loggedIn = (rows: readonly StepRow[]): string[] =>
  columnsIn(rows).filter((column) => columnType("steps", column) === null);
