import type { TrainingData } from "../../datasets";
import { type FunctionPlan, planForGpu } from "../../graph";
import type { TrainOptions } from "../../spec";
import type { LayersModel } from "../../tensorflow";
import { resolveOptions } from "../resolve-options";
import { startTraining } from "../start-training";

/**
 * Where each op of a training would run on a machine with a GPU, and what would go between the card and the host in each
 * step; by TensorFlow's registry, without a card. Nothing is trained: weights stay as they are.
 *
 * @param model any `tf.LayersModel`
 * @param data what it would be trained on
 * @param options as of `ga.train`; one epoch of it is compiled
 * @returns a plan for each function: of the training's and of the evaluation's loop, condition and body
 * @throws {TypeError | RangeError} if an option makes no sense for the model or the data
 *
 * @example
 * import * as ga from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const plans = await advanced.planTraining(ga.vgg08({ classes: 10, width: 4 }), data, { batchSize: 50 });
 * console.log(plans.flatMap(({ fallbacks }) => fallbacks)); // ops without a GPU kernel: none
 */
export async function planTraining(
  model: LayersModel,
  data: TrainingData,
  options: TrainOptions = {},
): Promise<readonly FunctionPlan[]> {
  const { functions } = await planForGpu(() => {
    // As given, too: what is planned has one epoch, whatever was asked for.
    resolveOptions(model, data, options);
    return startTraining(model, data, { ...options, epochs: 1 }).finished;
  });
  return functions;
}
