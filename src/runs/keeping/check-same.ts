import type { RunInfo } from "../run-info";

const GO_ON = "choose another folder, or go on with the run as it is (ga.resume, gradamp train --resume)";

/**
 * Refuses to go on with a run that is another than the one asked for.
 *
 * @throws {RangeError} that names the first difference
 */
export function checkSame(folder: string, found: RunInfo, asked: RunInfo, remedy = GO_ON): void {
  for (const field of ["model", "parameters", "dataset", "options", "data", "amplifiedBefore"] as const) {
    // Through JSON, which is how the one was written.
    const difference = firstDifference(plain(found[field]), plain(asked[field]), field);
    if (difference === null) continue;
    const [path, there, here] = difference;
    throw new RangeError(
      `Expected the run in ${folder}, which has ${path} ${show(there)}, but found ${show(here)}: ${remedy}`,
    );
  }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Where two plain values differ first, with what stands there; null where they don't. */
export function firstDifference(a: unknown, b: unknown, path = ""): [string, unknown, unknown] | null {
  if (Object.is(a, b)) return null;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return [path, a, b];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstDifference(left[key], right[key], path === "" ? key : `${path}.${key}`);
    if (found) return found;
  }
  return null;
}
