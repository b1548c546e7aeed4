import type { Optimizer as TfjsOptimizer, Scalar, Tensor, Variable } from "@tensorflow/tfjs";
import { field, type Filled, type Given, type Kind, named, nearest, number, refuse } from "../options";
import { type LearningRateSchedule, type LearningRateSpec, learningRate } from "./learning-rate";

/** The scalars of a step that change between steps; tensors, so that a compiled step takes them as arguments. */
export interface StepScalars {
  readonly learningRate: Scalar;
  /** Steps since the optimizer was new or last reset, from 1. */
  readonly step: Scalar;
}

/** An optimizer at work on a model's variables. */
export interface OptimizerState {
  /** The slot variables (momentum, moments), one list per variable of the model; all zero at the start. */
  readonly slots: readonly (readonly Variable[])[];
  /** Updates every variable from its gradient. */
  apply(gradients: readonly Tensor[], scalars: StepScalars): void;
  /** Empties the slots. */
  reset(): void;
  /** What an optimizer keeps beside slots, for those that are not gradamp's own; read before training goes on. */
  saveOwn?(): { name: string; tensor: Tensor }[];
  /** Takes the tensors over. */
  restoreOwn?(saved: { name: string; tensor: Tensor }[]): void;
  dispose(): void;
}

/** An optimizer as an option: what `sgd()` and `adam()` return. */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: LearningRateSchedule;
  /** Whether the caller chose the rate; stages bring their own. */
  readonly hasOwnRate: boolean;
  /** Every setting as it is written down, but for a schedule of one's own, of which a run's record keeps the rates. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether a constant factor on a parameter's gradient leaves its updates nearly as they are. */
  readonly scaleInvariant: boolean;
  start(variables: readonly Variable[]): OptimizerState;
}

const decay = number("to be at least 0", (value) => value >= 0);
const share = number("to lie in [0, 1)", (value) => value >= 0 && value < 1);

const LEARNING_RATE = { flag: "--learning-rate <rate>", title: "learning rate" } as const;
const WEIGHT_DECAY = { flag: "--weight-decay <number>", title: "weight decay" } as const;

/** Settings of stochastic gradient descent. */
export const SGD = {
  /** η. Default: 0.1. */
  learningRate: field(learningRate, 0.1, "η: a number, or as cosine(0.001, min 0.00002)", LEARNING_RATE),
  /** In [0, 1); 0 is plain SGD. Default: 0.9. */
  momentum: field(share, 0.9, "of sgd; 0 for plain SGD", { flag: "--momentum <number>" }),
  /** Coupled: added to the gradient before momentum, as PyTorch's SGD does. Default: 0. */
  weightDecay: field(decay, 0, "coupled: added to the gradient before momentum", WEIGHT_DECAY),
} as const;

/** Settings of Adam. */
export const ADAM = {
  /** η. Default: 1e-3. */
  learningRate: field(learningRate, 1e-3, "η: a number, or as cosine(0.001, min 0.00002)", LEARNING_RATE),
  /** Decay of the first moment, in [0, 1). Default: 0.9. */
  beta1: field(share, 0.9, "decay of adam's first moment"),
  /** Decay of the second moment, in [0, 1). Default: 0.999. */
  beta2: field(share, 0.999, "decay of adam's second moment"),
  /** Added to the root of the second moment. Default: 1e-8, as PyTorch (tfjs has 1e-7). */
  epsilon: field(
    number("to be above 0", (value) => value > 0),
    1e-8,
    "added to the root of adam's second moment",
  ),
  /** Coupled, added to the gradient. Default: 0. */
  weightDecay: field(decay, 0, "coupled: added to the gradient", WEIGHT_DECAY),
} as const;

/** Settings of {@link sgd}. */
export type SgdOptions = Given<typeof SGD>;

/** Settings of {@link adam}. */
export type AdamOptions = Given<typeof ADAM>;

/** The optimizers that are known by name. */
export const OPTIMIZERS = { sgd: SGD, adam: ADAM } as const;
export type OptimizerName = keyof typeof OPTIMIZERS;

/** An optimizer by name, with its settings. */
export const namedOptimizer = named(OPTIMIZERS);

/** An optimizer by name, with those of its settings that are not the default. */
export type NamedOptimizer = { [Name in OptimizerName]: { readonly name: Name } & Given<(typeof OPTIMIZERS)[Name]> }[OptimizerName]; // prettier-ignore

/** An optimizer as it is written down, every setting filled in; the rate is null where stages set it. */
export type OptimizerSpec = {
  [Name in OptimizerName]: { readonly name: Name; readonly learningRate: LearningRateSpec | null } & Omit<
    Filled<(typeof OPTIMIZERS)[Name]>,
    "learningRate"
  >;
}[OptimizerName];

/**
 * Whatever stands for an optimizer: ga.sgd(…), ga.adam(…), an optimizer of tf.train, a name, or a name with settings.
 */
export type OptimizerGiven = Optimizer | TfjsOptimizer | OptimizerName | NamedOptimizer;

/** An optimizer as an option; what is given by name has its settings checked. */
export const optimizer: Kind<OptimizerGiven> = {
  expected: "to be ga.sgd(…), ga.adam(…) or an optimizer of tf.train",
  read(value, name) {
    if (typeof value === "string") {
      if (Object.hasOwn(OPTIMIZERS, value)) return value as OptimizerName;
      const near = nearest(value, Object.keys(OPTIMIZERS));
      return refuse(name, this.expected, value, true, near === null ? "" : `did you mean "${near}", ga.${near}(…)?`);
    }
    if (typeof value === "function" && ["sgd", "adam"].includes(value.name))
      return refuse(name, this.expected, value, false, `call it: ga.${value.name}()`);
    const given = value as Partial<Record<string, unknown>> | null;
    const isObject = typeof given === "object" && given !== null && !(given instanceof Promise);
    if (isObject && (typeof given["start"] === "function" || typeof given["applyGradients"] === "function"))
      return value as Optimizer | TfjsOptimizer;
    if (!isObject || typeof given["name"] !== "string")
      refuse(name, this.expected, value, false, value instanceof Promise ? "await it" : "");
    namedOptimizer.read(value, name);
    return value as NamedOptimizer;
  },
};
