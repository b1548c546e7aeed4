import assert from "node:assert/strict";
import { test } from "node:test";
import { histogramQuantile, type HistogramRange } from "../../src/rows";
import { BINS, gradientHistogram, HISTOGRAM_RANGE } from "../../src/gradients";
import { tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";

/** Counted number by number. */
function naive(values: Iterable<number>, { low, high }: HistogramRange): number[] {
  const result = new Array<number>(BINS + 2).fill(0);
  for (const value of values) {
    if (!Number.isFinite(value)) result[1]!++;
    else if (value === 0) result[0]!++;
    else {
      const bin = Math.floor(((Math.log2(Math.abs(value)) - low + 1e-5) / (high - low)) * BINS);
      result[2 + Math.min(BINS - 1, Math.max(0, bin))]!++;
    }
  }
  return result;
}

function counted(values: Float32Array, range: HistogramRange): number[] {
  return tf.tidy(() => [...gradientHistogram(tf.tensor1d(values), range).dataSync()]);
}

test("the histogram equals counting number by number, over sixty decades and at any range", () => {
  const base = symmetric("histogram", 4000, 1);
  const values = base.map((value, at) => value * 10 ** ((at % 61) - 40));
  values.set([0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -2, 0.25], 0);
  for (const range of [HISTOGRAM_RANGE, { low: -20, high: 0 }, { low: -3.5, high: 12.5 }]) {
    const found = counted(values, range);
    assert.equal(found.reduce((sum, count) => sum + count, 0), values.length); // prettier-ignore
    // Subnormal numbers may be flushed to 0 on the device.
    const expected = naive(values.map((value) => (Math.abs(value) < 1.2e-38 ? 0 : value)), range); // prettier-ignore
    assert.deepEqual(found, expected);
  }
});

test("powers of two belong into the bin that they begin", () => {
  const powers = Float32Array.from({ length: 40 }, (_, at) => 2 ** (at - 40));
  assert.deepEqual(counted(powers, { low: -40, high: 0 }), [0, 0, ...new Array<number>(40).fill(1)]);
});

test("quantiles lie within a bin of those of the sorted numbers, zeros included", () => {
  const values = [...symmetric("quantiles", 5000, 1)].map((value, at) => (at % 10 === 0 ? 0 : value ** 3));
  const [zeros = 0, , ...counts] = naive(values, HISTOGRAM_RANGE);
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  for (const share of [0.05, 0.25, 0.5, 0.75, 0.95]) {
    const found = histogramQuantile({ zeros, counts }, HISTOGRAM_RANGE, share);
    const exact = sorted[Math.floor(share * (sorted.length - 1))]!;
    if (exact === 0) assert.equal(found, 0);
    else assert.ok(Math.abs(Math.log2(found / exact)) <= 2, `${share}: ${found} against ${exact}`);
  }
});

test("quantiles of nothing, of zeros, and of one bin", () => {
  const none = new Array<number>(BINS).fill(0);
  assert.ok(Number.isNaN(histogramQuantile({ zeros: 0, counts: none }, HISTOGRAM_RANGE, 0.5)));
  assert.equal(histogramQuantile({ zeros: 3, counts: none }, HISTOGRAM_RANGE, 0.95), 0);
  const one = none.map((_, bin) => (bin === 36 ? 8 : 0));
  // Bin 36 of two octaves each from 2⁻⁷² is 1 to 4.
  assert.equal(histogramQuantile({ zeros: 0, counts: one }, HISTOGRAM_RANGE, 0.5), 2);
  assert.equal(histogramQuantile({ zeros: 0, counts: one }, HISTOGRAM_RANGE, 1), 4);
  assert.equal(histogramQuantile({ zeros: 0, counts: one }, HISTOGRAM_RANGE, 0), 1);
});
