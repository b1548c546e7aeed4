import type { layers } from "@tensorflow/tfjs";
import { field, type Given, type Kind, nearest, needed, number, oneOf, refuse } from "../options";
import { isAsync } from "./functions";

/** Where the factor can act. */
export const SCOPES = ["backprop", "parameters", "input"] as const;
/** Where the factor acts: see `ga.amplify`. */
export type Scope = (typeof SCOPES)[number];

/** Groups of layers: those that the 2020 paper amplifies (phase 1), and kinds of layers that models of today are made of. */
export const GROUP_NAMES = [
  "relu",
  "bn",
  "bn+relu",
  "first-bn-of-block",
  "last-bn-of-block",
  "activation",
  "norm",
  "attention",
  "recurrent",
] as const;
/** A group of layers that is amplified, by name. */
export type GroupName = (typeof GROUP_NAMES)[number];

/** Which layers may be amplified: a group by name, or any layers of any model by predicate. */
export type Group = GroupName | ((layer: layers.Layer) => boolean);

/** β. */
export const ampRatio = number("to lie in [0, 1]", (value) => value >= 0 && value <= 1);

/** Γ. */
export const ampFactor = number(
  "to be finite and greater than 0",
  (value) => value > 0,
  "1 leaves gradients as they are",
);

export const scope: Kind<Scope> = oneOf(...SCOPES);

/** A group by name, or a predicate. */
export const groupName: Kind<Group> = {
  expected: `to be one of ${GROUP_NAMES.join(", ")} or a predicate`,
  read(value, name) {
    if (isAsync(value)) {
      return refuse(name, "to be a predicate that answers true or false", value, false, "an async function gives a Promise, which counts as true"); // prettier-ignore
    }
    if (typeof value === "function" || GROUP_NAMES.includes(value as GroupName)) return value as Group;
    const near = typeof value === "string" ? nearest(value, GROUP_NAMES) : null;
    return refuse(
      name,
      this.expected,
      value,
      typeof value === "string",
      near === null ? "" : `did you mean "${near}"?`,
    );
  },
  choices: GROUP_NAMES,
};

/** Amplification in all epochs of a run. */
export const AMPLIFY = {
  /** The layers to choose from. */
  group: needed(groupName, "the layers to choose from", { flag: "--group <name>" }),
  /** β, the share of the group that is amplified, in [0, 1]. Default: 1. */
  ampRatio: field(ampRatio, 1, "β, the share of the group that is amplified", {
    flag: "--amp-ratio <share>",
    oldFlag: "--amplify",
    title: "amplification ratio",
  }),
  /** Γ, what gradients are multiplied by; finite and above 0, below 1 diminishes. Default: 2. */
  ampFactor: field(ampFactor, 2, "Γ, what gradients are multiplied by", {
    flag: "--amp-factor <number>",
    oldFlag: "--factor",
    title: "amplification factor",
  }),
  /**
   * `"backprop"` multiplies the gradient that arrives at the layer's output, and with it everything upstream;
   * `"parameters"` multiplies the gradients of the layer's own parameters only.
   */
  scope: field(
    scope,
    "backprop",
    "where the factor acts: from the layer's output on, on its own parameters, or from its input on",
    {
      flag: "--scope <where>",
      title: "amplification scope",
    },
  ),
} as const;

/** What is amplified in all epochs of a run, and how strongly. */
export type RunAmplification = Given<typeof AMPLIFY>;

/** @throws {TypeError | RangeError} unless the ratio lies in [0, 1] */
export const checkRatio = (value: number): void => void ampRatio.read(value, "amplification ratio");

/** @throws {TypeError | RangeError} unless the factor is finite and above 0 */
export const checkFactor = (value: number): void => void ampFactor.read(value, "amplification factor");

/** @throws {TypeError | RangeError} unless the scope is known */
export const checkScope = (value: Scope): void => void scope.read(value, "amplification scope");
