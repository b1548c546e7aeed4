import type { Tensor } from "@tensorflow/tfjs";
import { field, type Filled, type Given, type Kind, named, nearest, number, refuse } from "../options";
import { isAsync } from "./functions";

const smoothing = field(
  number("to lie in [0, 1)", (value) => value >= 0 && value < 1),
  0,
  "how much of a target is spread evenly over all classes",
);

/** The losses that are known by name, with their settings. */
export const LOSSES = {
  /** Of whole-number classes. */
  crossEntropy: {
    /** How much of each target is spread evenly over all classes, in [0, 1). Default: 0. */
    labelSmoothing: smoothing,
  },
  /** Of whole-number classes, the rightly classified counting less: `−(1 − p)^γ · log p`. */
  focal: {
    /** γ; 0 is cross-entropy. Default: 2. */
    gamma: field(
      number("to be at least 0", (value) => value >= 0),
      2,
      "γ of (1 − p)^γ; 0 is cross-entropy",
    ),
  },
  /** Of numbers from 0 to 1, each output for itself: of two classes, or several labels at once. */
  binaryCrossEntropy: {
    /** Targets move so far towards 0.5: 0 becomes half of it. In [0, 1). Default: 0. */
    labelSmoothing: smoothing,
  },
  /** Mean squared error. */
  mse: {},
  /** Mean absolute error. */
  mae: {},
  /** Squared where the error is below δ, absolute where it is above. */
  huber: {
    /** δ. Default: 1. */
    delta: field(
      number("to be above 0", (value) => value > 0),
      1,
      "δ, up to which the error is squared",
    ),
  },
} as const;

/** A loss that is known by name. */
export type LossName = keyof typeof LOSSES;

/** A loss by name, with those of its settings that are not the default: `{ name: "crossEntropy", labelSmoothing: 0.1 }`. */
export type NamedLoss = { [Name in LossName]: { readonly name: Name } & Given<(typeof LOSSES)[Name]> }[LossName];

/**
 * A loss of one's own: a scalar, the mean over the batch; of a tensor, as one loss a sample, the mean is taken, weighted
 * where samples have weights. Of a model of several outputs it gets lists, of predictions and of targets.
 */
export type CustomLoss = (prediction: Tensor | Tensor[], target: Tensor) => Tensor;

/** A loss by name, by name with settings, or a function of one's own. */
export type Loss = LossName | NamedLoss | CustomLoss;

/** One loss, or one for each output of a model, in their order or by their names. */
export type LossGiven = Loss | readonly Loss[] | Readonly<Record<string, Loss>>;

/** A loss by name, every setting filled in. */
export type FilledLoss = { [Name in LossName]: { readonly name: Name } & Filled<(typeof LOSSES)[Name]> }[LossName];

const namedLoss = named(LOSSES);
const NAMES = Object.keys(LOSSES) as LossName[];
/** What Keras, PyTorch and people call them. */
const ELSEWHERE: Readonly<Record<string, LossName>> = {
  meansquarederror: "mse",
  l2: "mse",
  meanabsoluteerror: "mae",
  l1: "mae",
  bce: "binaryCrossEntropy",
  categoricalcrossentropy: "crossEntropy",
  sparsecategoricalcrossentropy: "crossEntropy",
  softmaxcrossentropy: "crossEntropy",
  smoothl1: "huber",
};
const CALL = /^([a-zA-Z]+)\((.*)\)$/s;
const SETTING = /^\s*([a-zA-Z]+)\s+(\S+)\s*$/;

/** Whether an object is a loss with its settings, and not one loss for each output. */
export const isNamedLoss = (given: unknown): given is NamedLoss =>
  typeof given === "object" && given !== null && typeof (given as { name?: unknown }).name === "string";

const oneLoss: Kind<Loss> = {
  expected: `to be ${NAMES.map((name) => `"${name}"`).join(", ")}, { name, … } with settings, or a function`,
  word: "name",
  read(given, name) {
    if (isAsync(given))
      refuse(name, "to return a tensor", Promise.resolve(), false, "write it without async and await; values are read after training"); // prettier-ignore
    if (typeof given === "function") return given as Loss;
    if (isNamedLoss(given)) {
      namedLoss.read(given, name);
      return given as Loss;
    }
    if (typeof given === "string" && Object.hasOwn(LOSSES, given)) return given as Loss;
    const known = typeof given === "string" ? ELSEWHERE[given.replace(/[^a-zA-Z0-9]/g, "").toLowerCase()] : undefined;
    const near = typeof given === "string" ? (known ?? nearest(given, NAMES)) : null;
    return refuse(name, this.expected, given, false, near === null ? "" : `did you mean "${near}"?`);
  },
  fromText(text) {
    const [, name, inside] = CALL.exec(text.trim()) ?? [];
    if (name === undefined || inside === undefined) return text;
    const settings = inside.split(",").map((part) => SETTING.exec(part) ?? ["", part, ""]);
    return { name, ...Object.fromEntries(settings.map(([, key, value]) => [key, Number(value)])) };
  },
};

/** A loss as an option, or one for each output. */
export const loss: Kind<LossGiven> = {
  ...oneLoss,
  read(given, name) {
    if (Array.isArray(given)) return given.map((each, at) => oneLoss.read(each, `${name}[${at}]`));
    if (Object.prototype.toString.call(given) !== "[object Object]" || isNamedLoss(given))
      return oneLoss.read(given, name);
    return Object.fromEntries(
      Object.entries(given as object).map(([output, each]) => [output, oneLoss.read(each, `${name}.${output}`)]),
    );
  },
};

/** A loss with every setting filled in; null for a function of one's own. */
export function filledLoss(given: Loss): FilledLoss | null {
  if (typeof given === "function") return null;
  return namedLoss.read(typeof given === "string" ? { name: given } : given, "loss") as FilledLoss;
}

/** Whether a loss takes whole-number classes as targets. */
export function isOfClasses(given: Loss): boolean {
  const name = filledLoss(given)?.name;
  return name === "crossEntropy" || name === "focal";
}
