import { checkOptions } from "../options";
import type { EpochRow } from "../rows";
import type { PlotlySpec } from "./parts/plotly-spec";
import { namedRows, type RunSource } from "./parts/row-source";
import { trainingCurves, CURVE_KINDS, type TrainingCurvesOptions } from "./training-curves";

/**
 * Training and validation loss of the same network at several learning rates, each curve named by the rate it began
 * with.
 *
 * Figure 6 of "Analysis of Vanishing gradient problem" (VGG38 BN + RC at 1e-2 and 1e-3).
 *
 * @param source The runs.
 * @param options Any of `TrainingCurvesOptions`; none is needed.
 * @throws {RangeError} if there are no epoch rows
 * @example
 * import * as ga from "gradamp";
 * const rows = (learningRate: number) => [1, 2].map((epoch) => ({
 *   epoch, learningRate, trainLoss: 1 / (epoch * learningRate), trainAccuracy: null, validationLoss: null,
 *   validationAccuracy: null, testLoss: null, testAccuracy: null, seconds: 1, imagesPerSecond: 1, amplifiedLayers: 0,
 * }));
 * const figure = ga.figure.learningRateComparison([
 *   { name: "a", epochs: rows(1e-2) },
 *   { name: "b", epochs: rows(1e-3) },
 * ]);
 */
export function learningRateComparison(source: RunSource<EpochRow>, options: TrainingCurvesOptions = {}): PlotlySpec {
  checkOptions("figure.learningRateComparison", options, CURVE_KINDS);
  const runs = namedRows(source, "epochs");
  const rates = runs.map(({ rows }) => rows[0]?.learningRate ?? NaN);
  const named = runs.map(({ name, rows }, at) => {
    const rate = `learning rate ${(rates[at] ?? NaN).toExponential().replace("e+0", "").replace(/e\+/, "e")}`;
    const shared = rates.filter((other) => other === rates[at]).length > 1;
    return { name: shared ? `${name}, ${rate}` : rate, epochs: [...rows] };
  });
  return trainingCurves(named, { metrics: ["loss"], title: "Loss by learning rate", ...options });
}
