import { checkModel } from "../options";
import type { LayersModel } from "../tensorflow";

/**
 * Trainable numbers of a model: kernels, biases, gammas and betas, but not batch norm's running statistics.
 *
 * @param model any `tf.LayersModel`
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.trainableParameters(ga.vgg08())); // 59716
 */
export function trainableParameters(model: LayersModel): number {
  checkModel(model);
  return model.trainableWeights.reduce(
    (sum, weight) => sum + weight.shape.reduce<number>((product, size) => product * (size ?? 1), 1),
    0,
  );
}
