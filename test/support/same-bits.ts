import assert from "node:assert/strict";
import type { Tensor } from "../../src/tensorflow";

type Numbers = ArrayLike<number>;

/** Asserts that numbers are equal to the last bit; NaN is itself, −0 is not 0. */
export function assertSameBits(actual: Numbers, expected: Numbers, what = "values"): void {
  assert.equal(actual.length, expected.length, `length of ${what}`);
  for (let at = 0; at < expected.length; at++) {
    if (!Object.is(actual[at], expected[at])) assert.fail(`${what}[${at}] is ${actual[at]}, expected ${expected[at]}`);
  }
}

/** Values of tensors that are disposed of. */
export function takeValues(tensors: readonly Tensor[]): Numbers[] {
  return tensors.map((tensor) => {
    const values = tensor.dataSync();
    tensor.dispose();
    return values;
  });
}

/** What some tensors hold now. */
export function valuesOf(tensors: readonly Tensor[]): Numbers[] {
  return tensors.map((tensor) => tensor.dataSync().slice());
}

/** Asserts that lists of numbers are equal to the last bit. */
export function assertAllSameBits(actual: readonly Numbers[], expected: readonly Numbers[], what = "tensor"): void {
  assert.equal(actual.length, expected.length, `number of ${what}s`);
  expected.forEach((values, at) => assertSameBits(actual[at]!, values, `${what} ${at}`));
}

/** Largest |actual − expected|, relative to the largest |expected|; NaN where one is. */
export function relativeError(actual: Numbers, expected: Numbers): number {
  let error = 0;
  let scale = 1e-30;
  for (let at = 0; at < expected.length; at++) {
    error = Math.max(error, Math.abs(actual[at]! - expected[at]!));
    scale = Math.max(scale, Math.abs(expected[at]!));
  }
  return error / scale;
}
