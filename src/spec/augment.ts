import type { Tensor } from "@tensorflow/tfjs";
import { checkNames, field, type Given, type Kind, needed, number, oneOf, readFields, refuse, show } from "../options";
import { isAsync } from "./functions";

/**
 * An augmentation of one's own: tensor operations only, since it is compiled into the step, with random numbers by
 * `tf.randomUniform` and the like, which the run's seed and the step decide.
 *
 * It gets a batch as the network would get it, `[batch, …]`, and returns other inputs, or inputs and targets; lists where there
 * are several.
 */
export type OwnAugmentation = (
  inputs: Tensor | Tensor[],
  targets: Tensor | Tensor[],
) => Tensor | Tensor[] | { inputs: Tensor | Tensor[]; targets: Tensor | Tensor[] };

const share = number("to lie in [0, 1]", (found) => found >= 0 && found <= 1);
const strength = number("to be at least 0", (found) => found >= 0);

const MIXUP = {
  name: needed(oneOf("mixup"), "which it is"),
  /** Of the distribution Beta(alpha, alpha) of the share that a sample keeps, one for each batch. Default: 0.2. */
  alpha: field(
    number("to lie in [0.05, 100]", (found) => found >= 0.05 && found <= 100),
    0.2,
    "of Beta(alpha, alpha)",
  ),
} as const;
const CUTOUT = {
  name: needed(oneOf("cutout"), "which it is"),
  /** Side of the square, in pixels; its centre is anywhere in the image. Default: 8. */
  size: field(
    number("to be a whole number above 0", (found) => Number.isInteger(found) && found > 0),
    8,
    "side of the square",
  ),
} as const;
const RANDOM_ERASE = {
  name: needed(oneOf("randomErase"), "which it is"),
  /** Share of the images that lose a rectangle. Default: 0.5. */
  probability: field(share, 0.5, "share of the images that lose a rectangle"),
} as const;
const COLOUR_JITTER = {
  name: needed(oneOf("colourJitter"), "which it is"),
  /** Factors are drawn from 1 - this to 1 + this, not below 0. Default: 0.4 each. */
  brightness: field(strength, 0.4, "how far brightness goes"),
  contrast: field(strength, 0.4, "how far contrast goes"),
  saturation: field(strength, 0.4, "how far saturation goes"),
} as const;

const KINDS = { mixup: MIXUP, cutout: CUTOUT, randomErase: RANDOM_ERASE, colourJitter: COLOUR_JITTER } as const;
type Kinds = typeof KINDS;

/** An augmentation that is ready made, by its name, with settings. */
export type ReadyAugmentation = { [Name in keyof Kinds]: Given<Kinds[Name]> }[keyof Kinds];

/** An augmentation of batches: ready made, or a function. */
export type BatchAugmentation = keyof Kinds | ReadyAugmentation | OwnAugmentation;

const NAMES = Object.keys(KINDS) as (keyof Kinds)[];

const one: Kind<ReadyAugmentation | OwnAugmentation> = {
  expected: `to be one of ${NAMES.join(", ")} (by name, or as { name, … }) or a function`,
  read(given, name) {
    if (isAsync(given)) refuse(name, "to return tensors", Promise.resolve(), false, "write it without async and await");
    if (typeof given === "function") return given as OwnAugmentation;
    const settings: unknown = typeof given === "string" ? { name: given } : given;
    const which = (settings as { name?: unknown } | null | undefined)?.name;
    const isObject = typeof settings === "object" && settings !== null && !Array.isArray(settings);
    if (isObject && which === undefined) checkNames(settings, Object.values(KINDS).flatMap(Object.keys), name);
    if (!isObject || typeof which !== "string") return refuse(name, this.expected, given, false);
    const known = oneOf(...NAMES).read(which, `${name}.name`);
    return readFields(KINDS[known], settings, { name }) as ReadyAugmentation;
  },
};

/** A list of augmentations, or a single one. */
export const augment: Kind<readonly (ReadyAugmentation | OwnAugmentation)[]> = {
  expected: `${one.expected}, or a list of these`,
  read(given, name) {
    if (given === undefined || (typeof given !== "object" && typeof given !== "function" && typeof given !== "string"))
      throw new TypeError(`Expected ${name} ${this.expected} but found ${show(given)}`);
    return Array.isArray(given) ? given.map((each, at) => one.read(each, `${name}[${at}]`)) : [one.read(given, name)];
  },
  fromText: (word) => word.split(",").map((name) => name.trim()),
};
