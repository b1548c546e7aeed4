import type { Value } from "./compiled-library";

/** Of the largest number of a tensor: what sums in another order may differ by. */
const ROUNDING = 1e-5;

/** How a compiled call's tensors differ from a plain call's: null to the last bit, or "rounding", or in words. */
export function difference(found: readonly Value[], expected: readonly Value[]): string | null {
  if (found.length !== expected.length) return `${found.length} tensors where ${expected.length} were expected`;
  let rounded = false;
  for (const [at, { shape, dtype, values }] of expected.entries()) {
    const other = found[at]!;
    const [kind, otherKind] = [`${dtype} [${shape.join(", ")}]`, `${other.dtype} [${other.shape.join(", ")}]`];
    if (kind !== otherKind) return `${otherKind} where ${kind} was expected`;
    const finite = Array.from(values, Number).filter(Number.isFinite);
    const scale = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let i = 0; i < values.length; i++) {
      const [a, b] = [other.values[i], values[i]];
      if (Object.is(a, b) || a === b) continue;
      const near = dtype === "float32" && Math.abs((a as number) - (b as number)) <= ROUNDING * scale;
      if (!near) return `${String(a)} at ${i} where ${String(b)} was expected`;
      rounded = true;
    }
  }
  return rounded ? "rounding" : null;
}
