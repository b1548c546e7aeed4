import { checkOptions } from "../../options";
import { accuracySweep } from "./accuracy-sweep";
import { PANEL_KINDS, type PanelFigureOptions } from "../parts/figure-options";
import type { PlotlySpec } from "../parts/plotly-spec";
import type { RowSource } from "../parts/row-source";
import type { TrialRow } from "./trial-row";

/**
 * Test accuracy against the threshold on the normalised directionality, a row of panels for each model, a column for
 * each measure and case, with the original models' mean as a line.
 *
 * Figures 3 to 10 of "Intelligent gradient amplification" (2023); those are one data set each, so give one, or set a
 * data set beside the model by giving several.
 *
 * @param source Trials with a `threshold`, or a table of them.
 * Averages are over seeds only; trials that differ in more get panels of their own or are refused.
 *
 * @param options Title, size and theme; panels may have ranges of their own.
 * @throws {RangeError} for trials at one point that differ in more than their seeds, and if no trial has one
 * @example
 * import * as ga from "gradamp";
 * const trial = { model: "ResNet-18", dataset: "cifar-10", group: null, ampRatio: null, ampFactor: 2,
 *   directionality: "G" as const, sides: "one" as const, seed: 0, baseline: 0.9239 };
 * const figure = ga.figure.accuracyAgainstThreshold([
 *   { ...trial, threshold: 0.7, accuracy: 0.931 },
 *   { ...trial, threshold: 0.8, accuracy: 0.935 },
 * ]);
 */
export function accuracyAgainstThreshold(source: RowSource<TrialRow>, options: PanelFigureOptions = {}): PlotlySpec {
  checkOptions("figure.accuracyAgainstThreshold", options, PANEL_KINDS);
  return accuracySweep(
    source,
    {
      x: "threshold",
      xTitle: "threshold",
      title: "Accuracy against the threshold",
      across: ["directionality", "sides"],
      down: ["dataset", "model"],
      apart: ["reselect", "strategy", "ampFactor"],
      remedy: "run a sweep over thresholds",
    },
    options,
  );
}
