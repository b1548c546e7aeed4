import { checkOptions, number, orNull, type Kind, type KindsOf } from "../../options";
/** How much a number of ours may differ from a published one and still reproduce it, by kind of quantity. */
export interface Tolerance {
  /** Accuracies, as fractions. Default: 0.01, one percentage point. */
  accuracy?: number;
  /** Losses, relative to the published one. Default: 0.1. */
  loss?: number;
  /** Overheads of time, as fractions. Default: 0.02. */
  overhead?: number;
  /** Minutes and seconds. Default: null, never compared, since they tell more of the machine than of the method. */
  time?: number | null;
  /** Numbers of parameters. Default: 0, the same up to the rounding of what is printed. */
  parameters?: number;
}

const width = number("to be at least 0", (found) => found >= 0);

const KINDS: KindsOf<Tolerance> = {
  accuracy: width,
  loss: width,
  overhead: width,
  time: orNull(width),
  parameters: width,
};

/** As an option. */
export const tolerance: Kind<Tolerance> = {
  expected: `to be an object of ${Object.keys(KINDS).join(", ")}`,
  read(found, name) {
    checkOptions(name, found as Tolerance, KINDS);
    return found as Tolerance;
  },
};

/** How a quantity is judged: a gain by its sign, a count exactly, a time not at all, anything else as a number. */
export type QuantityKind = "difference" | "count" | "number" | "none";

export function kindOf(quantity: string, { time = null }: Tolerance = {}): QuantityKind {
  if (/Improvement$/.test(quantity)) return "difference";
  if (quantity === "parameters") return "count";
  return /(Overhead|accuracy|loss)$/i.test(quantity) || time !== null ? "number" : "none";
}

/**
 * The half width around a published number within which ours is the same: its own spread, the tolerance and the
 * rounding.
 */
export function allowedAround(
  published: { quantity: string; value: number; spread: number | null; resolution: number | null },
  tolerance: Tolerance = {},
): number {
  const { accuracy = 0.01, loss = 0.1, overhead = 0.02, time = null, parameters = 0 } = tolerance;
  const { quantity, value } = published;
  const own = /Overhead$/.test(quantity) ? overhead : /accuracy$/i.test(quantity) ? accuracy : /loss$/i.test(quantity) ? loss * Math.abs(value) : quantity === "parameters" ? parameters : (time ?? 0); // prettier-ignore
  // Subtracting decimals leaves crumbs; a difference of exactly what is allowed still reproduces.
  return (published.spread ?? 0) + own + (published.resolution ?? 0) + 1e-9 * Math.abs(value);
}

/** In the paper's unit, with as many decimals as it prints. */
export function inUnit(value: number, unit: unknown, resolution: number | null): string {
  const factor = unit === "percent" ? 100 : 1;
  const decimals = resolution === null ? 4 : Math.max(0, Math.round(-Math.log10(2 * resolution * factor)));
  return (value * factor).toFixed(decimals);
}
