import { checkOptions } from "../../options";
import { accuracySweep } from "./accuracy-sweep";
import { PANEL_KINDS, type PanelFigureOptions } from "../parts/figure-options";
import type { PlotlySpec } from "../parts/plotly-spec";
import type { RowSource } from "../parts/row-source";
import type { TrialRow } from "./trial-row";

/**
 * Test accuracy against the threshold where the amplified layers are chosen once per learning rate, every 2 epochs and
 * every 5 epochs: a column of panels a model, a row for each frequency.
 *
 * Figure 2 of "Intelligent gradient amplification" (2023).
 *
 * @param source Trials with a `threshold` and a `reselect`, or a table of them.
 * Averages are over seeds only; trials that differ in more get panels of their own or are refused.
 *
 * @param options Title, size and theme; panels may have ranges of their own.
 * @throws {RangeError} for trials at one point that differ in more than their seeds, and if no trial has a threshold
 * @example
 * import * as ga from "gradamp";
 * const trial = { model: "VGG-19", dataset: "cifar-10", group: null, ampRatio: null, ampFactor: 2, directionality: "G" as const,
 *   sides: "both" as const, seed: 0, baseline: 0.9108, threshold: 1, accuracy: 0.92 };
 * const figure = ga.figure.reselectionFrequency([
 *   { ...trial, reselect: "stage" },
 *   { ...trial, reselect: "2 epochs" },
 * ]);
 */
export function reselectionFrequency(source: RowSource<TrialRow>, options: PanelFigureOptions = {}): PlotlySpec {
  checkOptions("figure.reselectionFrequency", options, PANEL_KINDS);
  return accuracySweep(
    source,
    {
      x: "threshold",
      xTitle: "threshold",
      title: "Accuracy by how often layers are chosen",
      across: ["model"],
      down: ["reselect"],
      apart: ["dataset", "directionality", "sides", "strategy"],
      remedy: "run a sweep over thresholds with several reselect",
    },
    options,
  );
}
