import { significant } from "./significant";

/** Where values that an axis cannot show are drawn instead. */
export interface Bounds {
  /** Below everything that can be shown. */
  floor: number;
  /** Above everything that can be shown. */
  ceiling: number;
}

/** A value that the axis cannot show: where its mark goes, and what it really is. */
export interface Mark {
  position: number;
  kind: "zero" | "negative" | "not finite";
  text: string;
}

/**
 * The edges at which zeros (on a logarithmic axis) and values that are no finite number are marked: just outside the
 * range of all that can be shown, so that nothing is dropped silently and nothing is mistaken for a measurement.
 */
export function markBounds(values: Iterable<number>, axis: "log" | "linear"): Bounds {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value) || (axis === "log" && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return axis === "log" ? { floor: 1e-8, ceiling: 1 } : { floor: 0, ceiling: 1 };
  if (axis === "linear") {
    const room = 0.06 * (high - low || Math.abs(high) || 1);
    return { floor: low - room, ceiling: high + room };
  }
  const room = 10 ** Math.max(0.3, 0.06 * Math.log10(high / low));
  return { floor: low / room, ceiling: high * room };
}

/** The value as the axis shows it, or null and the mark that stands for it. */
export function drawable(
  value: number,
  axis: "log" | "linear",
  bounds: Bounds,
): { value: number | null; mark: Mark | null } {
  if (!Number.isFinite(value))
    return { value: null, mark: { position: bounds.ceiling, kind: "not finite", text: String(value) } };
  if (axis === "linear" || value > 0) return { value: significant(value), mark: null };
  const kind = value === 0 ? "zero" : "negative";
  return { value: null, mark: { position: bounds.floor, kind, text: value === 0 ? "exactly 0" : String(value) } };
}
