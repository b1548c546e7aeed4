import assert from "node:assert/strict";
import type { Tensor } from "../../src/tensorflow";

/** Asserts that two tensors agree: every |actual − expected| ≤ tolerance × (largest |expected|), NaN nowhere. */
export function assertClose(
  actual: Tensor,
  expected: Tensor,
  options: { tolerance?: number; what?: string } = {},
): void {
  const { tolerance = 1e-5, what = "tensor" } = options;
  assert.deepEqual(actual.shape, expected.shape, `shape of ${what}`);
  const a = [...actual.dataSync()];
  const e = [...expected.dataSync()];
  const scale = e.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  a.forEach((value, i) => {
    assert.ok(
      Math.abs(value - e[i]!) <= tolerance * scale,
      `${what}[${i}] is ${value}, expected ${e[i]} (largest ${scale})`,
    );
  });
}
