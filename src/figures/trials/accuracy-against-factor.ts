import { checkOptions } from "../../options";
import { accuracySweep } from "./accuracy-sweep";
import { PANEL_KINDS, type PanelFigureOptions } from "../parts/figure-options";
import type { PlotlySpec } from "../parts/plotly-spec";
import type { RowSource } from "../parts/row-source";
import type { TrialRow } from "./trial-row";

/**
 * Test accuracy against the amplification factor, one panel a model, with the original models' mean as a line.
 *
 * Figures 5 (Γ from 1 to 10) and 6 (1 to 3 in steps of 0.1) of "Gradient Amplification" (2020).
 *
 * @param source Trials with an `ampFactor`, or a table of them.
 * Averages are over seeds only; trials that differ in more get panels of their own or are refused.
 *
 * @param options Title, size and theme; panels may have ranges of their own.
 * @throws {RangeError} for trials at one point that differ in more than their seeds, and if no trial has one
 * @example
 * import * as ga from "gradamp";
 * const trial = { model: "VGG-19", dataset: "cifar-10", group: "bn", ampRatio: 0.3, threshold: null, directionality: null,
 *   sides: null, seed: 0, baseline: 0.9108 };
 * const figure = ga.figure.accuracyAgainstFactor([1, 2, 3].map((ampFactor) => ({ ...trial, ampFactor, accuracy: 0.93 })));
 */
export function accuracyAgainstFactor(source: RowSource<TrialRow>, options: PanelFigureOptions = {}): PlotlySpec {
  checkOptions("figure.accuracyAgainstFactor", options, PANEL_KINDS);
  return accuracySweep(
    source,
    {
      x: "ampFactor",
      xTitle: "amplification factor Γ",
      title: "Accuracy against the amplification factor",
      across: ["model"],
      down: ["dataset"],
      apart: ["strategy", "group", "ampRatio"],
      remedy: "run a sweep over ampFactor",
    },
    options,
  );
}
