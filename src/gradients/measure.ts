import { checkModel } from "../options";
import type { MeasuredRows } from "../rows";
import { type LayersModel, type NamedTensorMap, type Tensor, tf } from "../tensorflow";
import { checkOptions, HISTOGRAM_RANGE, MEASURE, type MeasureOptions } from "../spec";
import { checkRange, checkStatistics } from "./measure-options";
import { Measurements, readRows } from "./measurements";
import { type WeightTensor, weightTensors } from "./weight-tensors";

/**
 * Gradients by variable name, as `tf.variableGrads` gives them, or one per weight tensor in the order of
 * `weightTensors`.
 */
export type Gradients = NamedTensorMap | readonly Tensor[];

/** What {@link ModelMeasurement.observe} is told beside the gradients. */
export interface ObserveOptions {
  /** Does the update; needed for `"updates"`, which compares the weights before and after it. */
  update?: () => void;
  /** The gradients after clipping. Default: the gradients as they came. */
  clipped?: Gradients;
  /** The gradients without amplification; needed for `"amplification"`. Default: none. */
  unamplified?: Gradients;
}

/** A measurement in a loop of one's own. */
export interface ModelMeasurement {
  /** Looks at a step's gradients; they stay the caller's. */
  observe(gradients: Gradients, options?: ObserveOptions): void;
  /**
   * The rows since the last read, as means over the steps observed, then begins anew; one read from the device, and one
   * for directionality.
   *
   * @param at what the rows say of their time. Default: epoch 1, and the number of steps observed so far
   */
  read(at?: { epoch?: number; step?: number }): Promise<MeasuredRows>;
  /** Frees its tensors. */
  dispose(): void;
}

/**
 * Measures gradients in a training loop of one's own, with the statistics and rows of `ga.train`.
 *
 * Everything is gathered on the device; nothing is read from it until `read()`. Outputs are those of forward passes
 * that are differentiated.
 *
 * @param model any `tf.LayersModel`
 * @param options statistics and edges of histograms, as `measure` of `ga.train`
 * @throws {RangeError} if a statistic is unknown
 * @throws {TypeError} if the model has no trainable weights
 *
 * @example
 * import * as ga from "gradamp";
 * const model = ga.tf.sequential({ layers: [ga.tf.layers.dense({ units: 1, inputShape: [2], name: "dense" })] });
 * const optimizer = ga.tf.train.sgd(0.1);
 * const measured = ga.measure(model, { statistics: ["gradientFlow", "updates"] });
 * const x = ga.tf.ones([4, 2]);
 * for (let step = 0; step < 3; step++) {
 *   const { grads } = ga.tf.variableGrads(() => (model.apply(x, { training: true }) as ga.Tensor).square().mean());
 *   measured.observe(grads, { update: () => optimizer.applyGradients(grads) });
 * }
 * const { gradients } = await measured.read();
 * console.log(gradients.map(({ layer, weight, meanAbs, updateRatio }) => [layer, weight, meanAbs, updateRatio]));
 * measured.dispose();
 */
export function measure(
  model: LayersModel,
  options: Pick<MeasureOptions, "statistics" | "histogram"> = {},
): ModelMeasurement {
  checkOptions("measure", options, { statistics: MEASURE.statistics.kind, histogram: MEASURE.histogram.kind });
  checkModel(model);
  const { statistics = ["gradientFlow"], histogram = HISTOGRAM_RANGE } = options;
  checkStatistics(statistics);
  checkRange(histogram);
  const weights = weightTensors(model);
  if (weights.length === 0) throw new TypeError(`Expected ${model.name} to have trainable weights but found none`);
  const measurements = new Measurements(model, weights, statistics, histogram);
  const all = [measurements.steps, ...measurements.epochs()];
  let end = measurements.steps.begin?.();
  let step = 0;
  return {
    observe(gradients, { update, clipped = gradients, unamplified } = {}) {
      if (statistics.includes("updates") && !update) {
        throw new TypeError(`Expected { update: () => … } for the statistic "updates" but found none: it does the update`); // prettier-ignore
      }
      if (statistics.includes("amplification") && !unamplified) {
        throw new TypeError(
          `Expected { unamplified } for the statistic "amplification" but found none: take the gradients once more in ga.withoutAmplification`,
        );
      }
      const variables = weights.map(({ variable }) => variable);
      // Outside of a tidy, which would dispose of what the caller's update makes and keeps.
      const before = update ? variables.map((variable) => variable.clone()) : variables;
      update?.();
      tf.tidy(() => {
        const seen = {
          raw: inOrder(gradients, weights),
          clipped: inOrder(clipped, weights),
          unamplified: unamplified ? inOrder(unamplified, weights) : null,
          weights: before,
          updated: variables,
        };
        for (const measurement of all) measurement.observe(seen);
      });
      if (update) tf.dispose(before);
      step++;
    },
    async read(at = {}) {
      if (step === 0) throw new RangeError("Expected at least one observed step but found none: call observe first");
      const rows = await readRows(all, { epoch: at.epoch ?? 1, step: at.step ?? step });
      for (const measurement of all) measurement.reset();
      return rows;
    },
    dispose() {
      end?.();
      end = undefined;
      measurements.dispose();
    },
  };
}

/** Gradients in the order of the weights; zeros where a weight has none. */
function inOrder(gradients: Gradients, weights: readonly WeightTensor[]): Tensor[] {
  if (Array.isArray(gradients)) {
    if (gradients.length !== weights.length) {
      throw new TypeError(`Expected ${weights.length} gradients, one a weight tensor, but found ${gradients.length}`);
    }
    return [...(gradients as readonly Tensor[])];
  }
  const named = gradients as NamedTensorMap;
  if (!weights.some(({ variable }) => variable.name in named)) {
    throw new TypeError(
      `Expected gradients by variable name, as tf.variableGrads gives them, but found ${Object.keys(named).slice(0, 3).join(", ") || "none"}`,
    );
  }
  return weights.map(({ variable }) => named[variable.name] ?? tf.zerosLike(variable));
}
