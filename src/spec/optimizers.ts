import type { Optimizer as TfjsOptimizer, Scalar, Tensor, Variable } from "@tensorflow/tfjs";
import { field, type Filled, type Given, type Kind, named, nearest, number, oneOf, refuse, yesNo } from "../options"; // prettier-ignore
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
  /** Frees its tensors. */
  dispose(): void;
}

/** An optimizer as an option: what `sgd()`, `adamw()` and their like return. */
export interface Optimizer {
  /** As in `optimizer: { name }`. */
  readonly name: string;
  /** The rate of each epoch. */
  readonly learningRate: LearningRateSchedule;
  /** Whether the caller chose the rate; stages bring their own. */
  readonly hasOwnRate: boolean;
  /** Every setting as it is written down, but for a schedule of one's own, of which a run's record keeps the rates. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether a constant factor on a parameter's gradient leaves its updates nearly as they are. */
  readonly scaleInvariant: boolean;
  /** Makes the state that it needs for these weights. */
  start(variables: readonly Variable[]): OptimizerState;
}

const decay = number("to be at least 0", (value) => value >= 0);
const share = number("to lie in [0, 1)", (value) => value >= 0 && value < 1);
const small = number("to be above 0", (value) => value > 0);

const LEARNING_RATE = { title: "learning rate" } as const;
const WEIGHT_DECAY = { title: "weight decay", isSpelled: true } as const;
const RATE_HELP = "η: a number, or as cosine(0.001, min 0.00002)";
const COUPLED = "coupled: added to the gradient";
const DECOUPLED = "decoupled: weights shrink by η times it in each step, whatever the gradient";

/**
 * What weight decay acts on: `"all"` weights, as in PyTorch, or `"kernels"` only, which leaves out biases, the
 * scales and offsets of normalization and every other weight of one dimension, as timm's recipes do. Default: `"all"`.
 */
const decayed = field(
  oneOf("all", "kernels"),
  "all",
  "what weight decay acts on: all weights, or kernels only, not biases, scales and offsets",
);

/** Settings of stochastic gradient descent. */
export const SGD = {
  /** η. Default: 0.1. */
  learningRate: field(learningRate, 0.1, RATE_HELP, LEARNING_RATE),
  /** In [0, 1). Default: 0.9, 0 for plain SGD. */
  momentum: field(share, 0.9, "of sgd; 0 for plain SGD", { isSpelled: true }),
  /** Nesterov's momentum: the step looks ahead, `g + momentum·m` instead of `m`. Default: false. */
  nesterov: field(yesNo, false, "Nesterov's momentum, which looks a step ahead"),
  /** Coupled: added to the gradient before momentum, as PyTorch's SGD does. Default: 0. */
  weightDecay: field(decay, 0, "coupled: added to the gradient before momentum", WEIGHT_DECAY),
  /** `"all"` weights, or `"kernels"`, which leaves out biases and norms. Default: `"all"`. */
  decayed,
} as const;

/** Settings of Adam. */
export const ADAM = {
  /** η. Default: 1e-3. */
  learningRate: field(learningRate, 1e-3, RATE_HELP, LEARNING_RATE),
  /** Decay of the first moment, in [0, 1). Default: 0.9. */
  beta1: field(share, 0.9, "decay of the first moment"),
  /** Decay of the second moment, in [0, 1). Default: 0.999. */
  beta2: field(share, 0.999, "decay of the second moment"),
  /** Added to the root of the second moment. Default: 1e-8, as PyTorch (tfjs has 1e-7). */
  epsilon: field(small, 1e-8, "added to the root of the second moment"),
  /** Coupled, added to the gradient. Default: 0. */
  weightDecay: field(decay, 0, COUPLED, WEIGHT_DECAY),
  /** `"all"` weights, or `"kernels"`, which leaves out biases and norms. Default: `"all"`. */
  decayed,
} as const;

/** Settings of Adam with decoupled weight decay. */
export const ADAMW = {
  ...ADAM,
  /** Decoupled: weights shrink by `η·weightDecay` of themselves in each step. Default: 0.01, as PyTorch. */
  weightDecay: field(decay, 0.01, DECOUPLED, WEIGHT_DECAY),
} as const;

/** Settings of RMSprop. */
export const RMSPROP = {
  /** η. Default: 0.01. */
  learningRate: field(learningRate, 0.01, RATE_HELP, LEARNING_RATE),
  /** Decay of the running mean of squares (PyTorch's alpha, Keras's rho), in [0, 1). Default: 0.99. */
  smoothing: field(share, 0.99, "decay of the running mean of squares"),
  /** Added to the root. Default: 1e-8. */
  epsilon: field(small, 1e-8, "added to the root of the running mean of squares"),
  /** In [0, 1). Default: 0. */
  momentum: field(share, 0, "of the scaled gradients"),
  /** Whether gradients are divided by their running deviation instead of their root mean square. Default: false. */
  centered: field(yesNo, false, "divide by the running deviation, not by the root mean square"),
  /** Coupled, added to the gradient. Default: 0. */
  weightDecay: field(decay, 0, COUPLED, WEIGHT_DECAY),
  /** `"all"` weights, or `"kernels"`, which leaves out biases and norms. Default: `"all"`. */
  decayed,
} as const;

/** Settings of Lion. */
export const LION = {
  /** η. Default: 1e-4: three to ten times less than AdamW's, since every weight moves by η in each step. */
  learningRate: field(learningRate, 1e-4, RATE_HELP, LEARNING_RATE),
  /** Share of the momentum in the direction of a step, in [0, 1). Default: 0.9. */
  beta1: field(share, 0.9, "share of the momentum in the direction of a step"),
  /** Decay of the momentum, in [0, 1). Default: 0.99. */
  beta2: field(share, 0.99, "decay of the momentum"),
  /** Decoupled, as AdamW's. Default: 0. Three to ten times AdamW's, as the rate is that much less. */
  weightDecay: field(decay, 0, DECOUPLED, WEIGHT_DECAY),
  /** `"all"` weights, or `"kernels"`, which leaves out biases and norms. Default: `"all"`. */
  decayed,
} as const;

/** Settings of {@link sgd}. */
export type SgdOptions = Given<typeof SGD>;

/** Settings of {@link adam}. */
export type AdamOptions = Given<typeof ADAM>;

/** Settings of {@link adamw}. */
export type AdamWOptions = Given<typeof ADAMW>;

/** Settings of {@link rmsprop}. */
export type RmspropOptions = Given<typeof RMSPROP>;

/** Settings of {@link lion}. */
export type LionOptions = Given<typeof LION>;

/** The optimizers that are known by name. */
export const OPTIMIZERS = { sgd: SGD, adam: ADAM, adamw: ADAMW, rmsprop: RMSPROP, lion: LION } as const;
export type OptimizerName = keyof typeof OPTIMIZERS;
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

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

/** Whatever stands for an optimizer: ga.sgd(…), ga.adamw(…), an optimizer of tf.train, a name, or a name with settings. */
export type OptimizerGiven = Optimizer | TfjsOptimizer | OptimizerName | NamedOptimizer;

/** An optimizer as an option; what is given by name has its settings checked. */
export const optimizer: Kind<OptimizerGiven> = {
  variants: OPTIMIZERS,
  expected: `to be ${OPTIMIZER_NAMES.map((name) => `ga.${name}(…)`).join(", ")} or an optimizer of tf.train`,
  read(value, name) {
    if (typeof value === "string") {
      if (Object.hasOwn(OPTIMIZERS, value)) return value as OptimizerName;
      const near = nearest(value, OPTIMIZER_NAMES);
      return refuse(name, this.expected, value, true, near === null ? "" : `did you mean "${near}", ga.${near}(…)?`);
    }
    if (typeof value === "function" && (OPTIMIZER_NAMES as string[]).includes(value.name))
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
