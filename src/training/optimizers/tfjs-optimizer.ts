import { type Optimizer as TfjsOptimizer, type Scalar, type Tensor, tf } from "../../tensorflow";
import { constant, type Optimizer } from "../../spec";
import { restoreTfjsOptimizer, tfjsOptimizerTensors } from "./tfjs-optimizer-state";

/** tfjs optimizers that divide by a running root mean square of the gradient. */
const SCALE_INVARIANT = new Set(["Adam", "AdamMax", "RMSProp", "Adagrad", "Adadelta"]);

/** A `tf.train` optimizer behind gradamp's interface; it keeps its own learning rate and its own slots. */
export function fromTfjsOptimizer(optimizer: TfjsOptimizer): Optimizer {
  const name = optimizer.getClassName();
  const rate = (optimizer as unknown as { learningRate?: number }).learningRate;
  return {
    name: `tf.train.${name}`,
    learningRate: constant(typeof rate === "number" && rate > 0 ? rate : 1),
    hasOwnRate: true,
    settings: { ...(optimizer.getConfig() as Record<string, number>) },
    scaleInvariant: SCALE_INVARIANT.has(name),
    start: (variables) => ({
      slots: [],
      apply(gradients: readonly Tensor[], _: { learningRate: Scalar }) {
        optimizer.applyGradients(
          variables.map((variable, index) => ({ name: variable.name, tensor: gradients[index]! })),
        );
      },
      reset() {
        throw new TypeError(
          `Expected one of gradamp's optimizers where resetOptimizer is set but found ${name}: use ga.sgd`,
        );
      },
      saveOwn: () => tfjsOptimizerTensors(optimizer),
      restoreOwn: (saved) => restoreTfjsOptimizer(optimizer, saved),
      dispose() {},
    }),
  };
}

/** Whether an optimizer is one of tfjs's. */
export function isTfjsOptimizer(optimizer: unknown): optimizer is TfjsOptimizer {
  return optimizer instanceof tf.Optimizer;
}
