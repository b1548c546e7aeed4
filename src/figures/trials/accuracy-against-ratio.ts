import { checkOptions } from "../../options";
import { accuracySweep } from "./accuracy-sweep";
import { PANEL_KINDS, type PanelFigureOptions } from "../parts/figure-options";
import type { PlotlySpec } from "../parts/plotly-spec";
import type { RowSource } from "../parts/row-source";
import type { TrialRow } from "./trial-row";

/**
 * Test accuracy against the ratio of amplified layers, one panel for each model and group of layers, with the original
 * models' mean as a line.
 *
 * Figure 4 of "Gradient Amplification" (2020).
 *
 * @param source Trials with an `ampRatio`, or a table of them.
 * Averages are over seeds only; trials that differ in more get panels of their own or are refused.
 *
 * @param options Title, size and theme; panels may have ranges of their own.
 * @throws {RangeError} for trials at one point that differ in more than their seeds, and if no trial has one
 * @example
 * import * as ga from "gradamp";
 * const trial = { model: "VGG-19", dataset: "cifar-10", group: "bn", ampFactor: 2, threshold: null, directionality: null,
 *   sides: null, seed: 0, baseline: 0.9108 };
 * const figure = ga.figure.accuracyAgainstRatio([
 *   { ...trial, ampRatio: 0.1, accuracy: 0.92 },
 *   { ...trial, ampRatio: 0.5, accuracy: 0.93 },
 * ]);
 */
export function accuracyAgainstRatio(source: RowSource<TrialRow>, options: PanelFigureOptions = {}): PlotlySpec {
  checkOptions("figure.accuracyAgainstRatio", options, PANEL_KINDS);
  return accuracySweep(
    source,
    {
      x: "ampRatio",
      xTitle: "ratio of amplified layers β",
      title: "Accuracy against the ratio of amplified layers",
      across: ["group"],
      down: ["model"],
      apart: ["dataset", "strategy", "ampFactor"],
      remedy: "run a sweep over ampRatio",
    },
    options,
  );
}
