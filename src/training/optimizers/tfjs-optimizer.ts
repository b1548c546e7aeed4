import { type Optimizer as TfjsOptimizer, type Scalar, type Tensor, tf, type Variable } from "../../tensorflow";
import { constant, type Optimizer } from "../../spec";
import { restoreTfjsOptimizer, slotLists, tfjsOptimizerTensors } from "./tfjs-optimizer-state";

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
    start: (variables) => {
      const release = takeFor(optimizer, variables);
      return {
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
        dispose: release,
      };
    },
  };
}

/** For which weights each optimizer was used last, and whether it is at work. */
const uses = new WeakMap<TfjsOptimizer, { variables: readonly Variable[]; active: boolean }>();

/**
 * Refuses an optimizer that keeps moments of other weights: tfjs takes them by position, and would go on with those of
 * another layer or network.
 */
function takeFor(optimizer: TfjsOptimizer, variables: readonly Variable[]): () => void {
  const known = uses.get(optimizer);
  const same =
    known?.variables.length === variables.length && known.variables.every((one, at) => one === variables[at]);
  const name = `tf.train.${optimizer.getClassName()}`;
  const remedy = "make a new optimizer for each network, and after layers were frozen or unfrozen";
  if (known?.active)
    throw new Error(`Expected ${name} to be used by one training at a time but another one uses it: ${remedy}`);
  if (known ? !same && keepsSlots(optimizer) : !slotsFit(optimizer, variables))
    throw new Error(
      `Expected ${name} to be new, or to have been used for the ${variables.length} weights that are trained, but it keeps ` +
        `moments of ${known ? `${known.variables.length} others` : "others"}: ${remedy}`,
    );
  const use = { variables, active: true };
  uses.set(optimizer, use);
  return () => void (use.active = false);
}

const keepsSlots = (optimizer: TfjsOptimizer) => slotLists(optimizer).length > 0;

/** Whether what an optimizer keeps, as from tfjs's own `fit`, has the shapes of these weights. */
function slotsFit(optimizer: TfjsOptimizer, variables: readonly Variable[]): boolean {
  const shapes = (list: readonly { shape: readonly number[] }[]) => list.map(({ shape }) => `[${shape}]`).join();
  return slotLists(optimizer).every((list) => shapes(list) === shapes(variables));
}

/** Whether an optimizer is one of tfjs's. */
export function isTfjsOptimizer(optimizer: unknown): optimizer is TfjsOptimizer {
  return optimizer instanceof tf.Optimizer;
}
