import { isFunctionRecord, isSameFunction } from "../../spec";

/** Where two plain values differ first, with what stands there; null where they don't. */
export function firstDifference(a: unknown, b: unknown, path = ""): [string, unknown, unknown] | null {
  if (Object.is(a, b)) return null;
  if (isFunctionRecord(a) && isFunctionRecord(b)) return isSameFunction(a, b) ? null : [path, a, b];
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return [path, a, b];
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length && path.endsWith(".layers"))
    return [`${path}.length`, a.length, b.length];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstDifference(left[key], right[key], path === "" ? key : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}
