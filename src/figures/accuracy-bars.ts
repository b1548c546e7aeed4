import { byName, checkOptions, oneOf, text } from "../options";
import { bestBy, type RunLike } from "../rows";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import type { PlotlySpec } from "./parts/plotly-spec";
import { isRun, isRunList, rowsOf, type RowSource } from "./parts/row-source";
import { significant } from "./parts/significant";
import { theme } from "./parts/theme";

/** A bar: an accuracy that was measured or published elsewhere. */
export interface AccuracyRow {
  /** What the bar is called. */
  name: string;
  /** From 0 to 1. */
  accuracy: number;
  /** Half the length of the error bar, as an accuracy; null or absent shows none. */
  deviation?: number | null;
}

/** Options of `ga.figure.accuracyBars`. */
export interface AccuracyBarsOptions extends FigureOptions {
  /** Which column of the epoch rows. Default: "testAccuracy". */
  metric?: "trainAccuracy" | "validationAccuracy" | "testAccuracy";
  /**
   * Which epoch of a run: the last one that was measured, the best, or the one with the best validation accuracy.
   * Default: "last".
   */
  at?: "last" | "best" | "best-validation";
  /** CSS colours by name, for those that should stand out. Default: all blue, since the names say which is which. */
  colours?: Readonly<Record<string, string>>;
}

function accuracyOf(run: RunLike, options: AccuracyBarsOptions): AccuracyRow {
  const { metric = "testAccuracy", at = "last" } = options;
  const rows = (run.epochs ?? []).filter((row) => typeof row[metric] === "number");
  if (rows.length === 0)
    throw new RangeError(`Found no ${metric} in run ${run.name}; evaluate it, or choose another metric`);
  const best = () => bestBy(rows, at === "best" ? metric : "validationAccuracy") ?? rows[0];
  const row = at === "last" ? rows.at(-1) : best();
  return { name: run.name, accuracy: row?.[metric] ?? NaN };
}

/**
 * A bar of accuracy for each run, its value above it.
 *
 * Figure 7 of "Analysis of Vanishing gradient problem": test accuracies of the experiments side by side.
 *
 * @param source Runs, or rows `{ name, accuracy, deviation }`, or a table of such rows.
 * @param options See `AccuracyBarsOptions`.
 * @throws {RangeError} if a run has no such accuracy
 * @example
 * import * as ga from "gradamp";
 * const figure = ga.figure.accuracyBars([
 *   { name: "VGG08", accuracy: 0.4684 },
 *   { name: "VGG38", accuracy: 0.01 },
 *   { name: "VGG38 BN + RC", accuracy: 0.59, deviation: 0.004 },
 * ]);
 */
export function accuracyBars(
  source: RunLike | readonly RunLike[] | RowSource<AccuracyRow>,
  options: AccuracyBarsOptions = {},
): PlotlySpec {
  checkOptions("figure.accuracyBars", options, {
    ...FIGURE_KINDS,
    metric: oneOf("trainAccuracy", "validationAccuracy", "testAccuracy"),
    at: oneOf("last", "best", "best-validation"),
    colours: byName(text, "colours"),
  });
  const look = theme(options.theme);
  const bars = isRunList(source)
    ? source.map((run) => accuracyOf(run, options))
    : isRun(source)
      ? [accuracyOf(source, options)]
      : rowsOf(source as RowSource<AccuracyRow>);
  if (bars.length === 0) throw new RangeError("Expected at least one accuracy to draw but found none");
  const names = bars.map(({ name }) => name);
  const values = bars.map(({ accuracy }) =>
    Number.isFinite(accuracy) ? `${(100 * accuracy).toFixed(2)}%` : "not finite",
  );
  const tops = bars.map(
    ({ accuracy, deviation }) => significant((Number.isFinite(accuracy) ? accuracy : 0) + (deviation ?? 0)) ?? 0,
  );
  const split = (options.metric ?? "testAccuracy").replace("Accuracy", "").replace("train", "training");
  const deviations = bars.map(({ deviation }) => deviation ?? 0);
  return {
    data: [
      {
        type: "bar",
        x: names,
        y: bars.map(({ accuracy }) => significant(accuracy)),
        width: bars.map(() => 0.6),
        marker: { color: names.map((name) => options.colours?.[name] ?? look.baseline) },
        text: values,
        textposition: "none",
        ...(deviations.some((deviation) => deviation > 0)
          ? { error_y: { type: "data" as const, array: deviations, color: look.ink, thickness: 1.4, width: 6 } }
          : {}),
        hovertemplate: `<b>%{x}</b><br>${split} accuracy %{y:.2%}<extra></extra>`,
        showlegend: false,
      },
    ],
    layout: {
      ...baseLayout(options, { title: `${split[0]?.toUpperCase()}${split.slice(1)} accuracy`, height: 440 }),
      // Above the bar and what shows its deviation.
      annotations: tops.map((top, at) => ({
        text: values[at] ?? "",
        x: names[at] ?? "",
        y: top,
        room: 1,
        showarrow: false,
        yanchor: "bottom",
        font: { size: 11 },
      })),
      xaxis: { type: "category", range: [-0.6, names.length - 0.4] },
      yaxis: {
        title: { text: `${split} accuracy` },
        tickformat: ".0%",
        range: [0, Number((Math.max(...tops, 0.01) * (names.length > 7 ? 1.2 : 1.1)).toPrecision(4))],
      },
    },
  };
}
