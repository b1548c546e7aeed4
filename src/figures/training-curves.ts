import { byName, checkOptions, listOf, number, oneOf, text, type KindsOf, yesNo } from "../options";
import type { EpochRow, RunLike } from "../rows";
import { coinciding } from "./parts/coinciding";
import { epochAxis } from "./parts/epoch-axis";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import { lineMode } from "./parts/line-mode";
import { lossTitle } from "./parts/loss-title";
import { panelGrid, panelHeading } from "./parts/panel-grid";
import type { PlotlyAnnotation, PlotlyAxis, PlotlyLayout, PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { robustRange } from "./parts/robust-range";
import { isRun, isRunList, namedRows, type RunSource } from "./parts/row-source";
import { runColours } from "./parts/run-colours";
import { significant } from "./parts/significant";
import { smoothed } from "./parts/smoothed";
import { theme } from "./parts/theme";
import { valueAxis } from "./parts/value-axis";

export type Split = "train" | "validation" | "test";

/** Options of `ga.figure.trainingCurves`. */
export interface TrainingCurvesOptions extends FigureOptions {
  /**
   * One panel each: `"loss"`, `"accuracy"`, or a metric that the trainings were asked for, by what its columns end in, `"F1"`.
   * Default: loss, and accuracy where there is any.
   */
  metrics?: readonly string[];
  /** Default: training and validation; training and test where nothing was validated. */
  splits?: readonly Split[];
  /** CSS colours by run name. Default: blue, red, … in the order of the runs. */
  colours?: Readonly<Record<string, string>>;
  /** The axis of the loss. Default: "linear". */
  axis?: "linear" | "log";
  /**
   * How much each epoch is drawn towards those before it, from 0 (not at all) up to, not including, 1: an exponential
   * moving average whose first values are not drawn towards 0. The measured values stay visible, pale. Default: 0.
   */
  smoothing?: number;
  /**
   * Whether a linear loss axis leaves out a few values far above all others, and marks them at its top, instead of
   * flattening the rest. Default: true.
   */
  robust?: boolean;
}

/** What each of these may be. */
export const CURVE_KINDS: KindsOf<TrainingCurvesOptions> = {
  ...FIGURE_KINDS,
  metrics: listOf(text, "a list of metrics"),
  splits: listOf(oneOf("train", "validation", "test"), "a list of splits"),
  colours: byName(text, "colours"),
  axis: oneOf("log", "linear"),
  smoothing: number("to lie in [0, 1)", (found) => found >= 0 && found < 1),
  robust: yesNo,
};

const dashes = { train: "dot", validation: "solid", test: "dash" } as const;
/** The column of the epoch rows in which a metric of a split stands. */
const columnOf = (metric: string, split: Split) => `${split}${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;

/**
 * Loss and accuracy per epoch, training dotted and validation solid, of one or several runs.
 *
 * Figures 1 and 4 of "Analysis of Vanishing gradient problem". Epochs without a value leave a gap; values that are no
 * finite number are crosses at the top, and a run that diverged before its first epoch ended is a cross at epoch 1.
 *
 * @param source A run, several runs, epoch rows, or a table of them.
 * @param options Any of `TrainingCurvesOptions`; none is needed.
 * @throws {RangeError} if there are no epoch rows or none of the wanted values, or if smoothing is not from 0 to below
 *   1
 * @example
 * import * as ga from "gradamp";
 * const run = { name: "VGG08", epochs: [1, 2].map((epoch) => ({
 *   epoch, learningRate: 1e-3, trainLoss: 4 / epoch, trainAccuracy: 0.1 * epoch, validationLoss: 4.2 / epoch,
 *   validationAccuracy: 0.09 * epoch, testLoss: null, testAccuracy: null, seconds: 1, imagesPerSecond: 1000,
 *   amplifiedLayers: 0,
 * })) };
 * const figure = ga.figure.trainingCurves([run], { axis: "log", smoothing: 0.6 });
 */
export function trainingCurves(source: RunSource<EpochRow>, options: TrainingCurvesOptions = {}): PlotlySpec {
  checkOptions("figure.trainingCurves", options, CURVE_KINDS);
  const { axis = "linear", smoothing = 0, robust = true } = options;
  const look = theme(options.theme);
  const runs = runsWithEpochs(source);
  const has = (metric: string, split: Split) =>
    runs.some(({ rows }) => rows.some((row) => typeof row[columnOf(metric, split)] === "number"));
  const metrics = options.metrics ?? (has("accuracy", "train") ? ["loss", "accuracy"] : ["loss"]);
  const splits =
    options.splits ?? (has("loss", "validation") || !has("loss", "test") ? ["train", "validation"] : ["train", "test"]);
  const colours = runColours(
    runs.map(({ name }) => name),
    look,
    options.colours,
  );
  const panels = panelGrid(1, metrics.length, { x: 0.12 });
  const data: PlotlyTrace[] = [];
  const layout: PlotlyLayout = {
    ...baseLayout(options, { title: "Training curves", height: 460 }),
    showlegend: true,
  };
  const headings: PlotlyAnnotation[] = [];
  const epochs = epochAxis(runs.flatMap(({ rows }) => rows.map(({ epoch }) => epoch)));
  panels.forEach((panel, at) => {
    const metric = metrics[at]!;
    const axes = { xaxis: `x${panel.suffix}`, yaxis: `y${panel.suffix}` };
    const curves = runs.flatMap(({ name, rows }) =>
      splits.flatMap((split) => {
        const values = rows.map((row) => row[columnOf(metric, split)] ?? null);
        return values.every((value) => value === null) ? [] : [{ name, rows, split, values }];
      }),
    );
    const broken = runs.filter(({ rows }) => rows.length === 0);
    if (curves.length === 0 && broken.length === 0)
      throw new RangeError(
        `Expected epoch rows with ${metric} of ${splits.join(" or ")} but found none; choose other splits`,
      );
    const log = metric === "loss" && axis === "log";
    const shown = (value: number | null) => (log && value !== null && value <= 0 ? null : significant(value));
    const finite = curves.flatMap(({ values }) => values.map(shown)).filter((value) => value !== null);
    const range = metric === "loss" && !log && robust ? robustRange(curves.map(({ values }) => values)) : null;
    const high = range?.[1] ?? Math.max(...finite, log ? Number.MIN_VALUE : 0);
    /** Where values stand that the axis does not show, each with what it is. */
    const beyond: { x: number; label: string; text: string; colour: string }[] = [];
    for (const { name, rows, split, values } of curves) {
      const few = rows.length <= 20;
      const label = name === "" ? split : `${name}, ${split}`;
      const colour =
        name === "" ? (look.categories[splits.indexOf(split)] ?? look.ink) : (colours.get(name) ?? look.ink);
      const format = metric === "accuracy" ? ".1%" : ".4f";
      const curve = {
        type: "scatter",
        name: label,
        legendgroup: label,
        x: rows.map((row) => row.epoch),
        ...axes,
        marker: { color: colour, size: 5, symbol: split === "train" ? "circle-open" : "circle" },
        hovertemplate: `<b>${label}</b><br>epoch %{x}<br>${metric} %{y:${format}}<extra></extra>`,
      } as const;
      const line = { color: colour, width: split === "train" ? 1.6 : 2.2, dash: dashes[split] };
      const showlegend = at === 0 || !data.some((trace) => trace.name === label);
      const y = values.map((value) => {
        const own = shown(value);
        return own !== null && range !== null && own > range[1] ? null : own;
      });
      if (smoothing > 0)
        data.push({ ...curve, mode: "lines", y, line: { ...line, width: 1 }, opacity: 0.3, hoverinfo: "skip", hovertemplate: "", showlegend: false }); // prettier-ignore
      data.push({ ...curve, mode: few ? "lines+markers" : lineMode(y), y: smoothed(y, smoothing).map(significant), line, showlegend }); // prettier-ignore
      values.forEach((value, row) => {
        if (value === null || y[row] !== null || (log && value <= 0)) return;
        beyond.push({ x: rows[row]!.epoch, label, colour, text: `${metric} is ${significant(value) ?? value}` });
      });
    }
    for (const { name, end } of broken)
      beyond.push({ x: 1, label: name, colour: colours.get(name) ?? look.ink, text: end ?? "no epoch ended" });
    const hidden = coinciding(
      data.flatMap((trace) =>
        trace.xaxis === axes.xaxis && trace.hoverinfo !== "skip"
          ? [{ name: trace.name ?? "", x: trace.x as number[], y: trace.y as (number | null)[] }]
          : [],
      ),
    );
    const notes = hidden.map((names) => `<br><i>the same: ${names.join("; ")}</i>`).join("");
    headings.push(panelHeading(panel, `${metric.charAt(0).toUpperCase()}${metric.slice(1)}${notes}`));
    if (beyond.length > 0)
      data.push({
        type: "scatter",
        mode: "markers",
        name: "beyond the axis, or not finite",
        legendgroup: "beyond",
        showlegend: !data.some(({ legendgroup }) => legendgroup === "beyond"),
        x: beyond.map(({ x }) => x),
        y: beyond.map(() => significant(high > 0 ? high : 1)),
        marker: { symbol: "x", size: 8, color: beyond.map(({ colour }) => colour) },
        hovertext: beyond.map(({ x, label, text }) => `<b>${label}</b><br>epoch ${x}<br>${text}`),
        hoverinfo: "text",
        cliponaxis: false,
        ...axes,
      });
    layout[`xaxis${panel.suffix}`] = { ...epochs, domain: panel.x, anchor: axes.yaxis };
    layout[`yaxis${panel.suffix}`] = {
      ...(metric === "accuracy" ? accuracyScale(finite) : lossScale(finite, log, range)),
      title: { text: metric === "loss" ? lossTitle(source) : `${onlySplit(splits)}${metric}` },
      anchor: axes.xaxis,
    };
  });
  return { data, layout: { ...layout, annotations: headings } };
}

const onlySplit = (splits: readonly Split[]) =>
  splits.length === 1 ? `${splits[0] === "train" ? "training" : splits[0]} ` : "";

function accuracyScale(values: readonly number[]): PlotlyAxis {
  return { tickformat: Math.max(...values, 0) < 0.05 ? ".1%" : ".0%", rangemode: "tozero" };
}

function lossScale(values: readonly number[], log: boolean, range: readonly [number, number] | null): PlotlyAxis {
  if (!log) return { exponentformat: "power", ...(range ? { range } : {}) };
  return valueAxis("", "log", values);
}

interface NamedEpochs {
  name: string;
  rows: readonly EpochRow[];
  /** How a run without epochs ended. */
  end?: string;
}

/** Runs with their epochs; one that diverged before its first epoch ended is there without any. */
function runsWithEpochs(source: RunSource<EpochRow>): NamedEpochs[] {
  const runs: readonly RunLike[] = isRunList(source) ? source : isRun(source) ? [source] : [];
  const diverged = runs.filter(
    (run) => (run.epochs ?? []).length === 0 && (run as { status?: unknown }).status === "diverged",
  );
  if (diverged.length === 0) return namedRows(source, "epochs");
  const rest = runs.filter((run) => !diverged.includes(run));
  const named = rest.length > 0 ? namedRows(rest, "epochs") : [];
  return runs.map((run): NamedEpochs =>
    diverged.includes(run)
      ? { name: run.name, rows: [], end: "diverged before the first epoch ended" }
      : named[rest.indexOf(run)]!,
  );
}
