import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor4D, tf, withDeviceRandom } from "../../../src/tensorflow";
import { colourJitter } from "../../../src/training/augment/colour-jitter";
import { drawBeta } from "../../../src/training/augment/draw-beta";
import { cutout, randomErase } from "../../../src/training/augment/erase";
import { mixup } from "../../../src/training/augment/mixup";

/** What is drawn at a step of a run with a seed. */
const at = <Value>(step: number, draw: () => Value): Value =>
  tf.tidy(() => withDeviceRandom(tf.tensor1d([3, step], "int32"), () => draw() as never));

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

for (const alpha of [0.05, 0.2, 1, 4])
  test(`shares of Beta(${alpha}, ${alpha}) have its moments and its quantiles`, () => {
    const count = 3000;
    const shares = Array.from({ length: count }, (_, step) => at(step, () => drawBeta(alpha).dataSync()[0]!));
    assert.ok(shares.every((share) => share >= 0 && share <= 1));
    const variance = 1 / (4 * (2 * alpha + 1));
    // Five standard errors.
    assert.ok(Math.abs(mean(shares) - 0.5) < 5 * Math.sqrt(variance / count), `mean ${mean(shares)}`);
    const found = mean(shares.map((share) => (share - 0.5) ** 2));
    const fourth = mean(shares.map((share) => (share - 0.5) ** 4));
    assert.ok(
      Math.abs(found - variance) < 5 * Math.sqrt((fourth - found ** 2) / count) + 1e-4,
      `variance ${found} beside ${variance}`,
    );
    if (alpha === 1) {
      // Uniform: Kolmogorov's distance is below 1.95 / √n but once in 1,000 times.
      const sorted = [...shares].sort((a, b) => a - b);
      const distance = Math.max(...sorted.map((share, rank) => Math.abs(share - (rank + 0.5) / count)));
      assert.ok(distance < 1.95 / Math.sqrt(count), `distance ${distance}`);
    }
  });

test("mixup mixes inputs and targets by the same share, labels into shares of classes", () => {
  const shares = Array.from({ length: 50 }, (_, step) =>
    at(step, () => {
      const inputs = tf.tensor2d([[0], [1], [2], [3]]);
      const labels = tf.tensor1d([0, 1, 2, 0], "int32");
      const mixed = mixup([inputs], [labels, inputs], { alpha: 1, classes: [3, null] });
      const [values] = [mixed.inputs[0]!.dataSync()];
      // The first is mixed with the last, 3: 0 · kept + 3 · (1 - kept).
      const kept = 1 - values[0]! / 3;
      const found = mixed.targets[0]!.arraySync() as number[][];
      const expected = [[1, 0, 0], [0, kept, 1 - kept], [0, 1 - kept, kept], [1, 0, 0]]; // prettier-ignore
      found.flat().forEach((value, n) => assert.ok(Math.abs(value - expected.flat()[n]!) < 1e-5));
      assert.deepEqual([...mixed.targets[1]!.dataSync()], [...values]);
      return kept;
    }),
  );
  assert.ok(new Set(shares.map((share) => share.toFixed(4))).size > 45, "another share each time");
});

const SIDE = 16;
const ones = (batch: number) => tf.ones([batch, SIDE, SIDE, 3]) as Tensor4D;

test("cutout takes a square around any pixel, cut at the border", () => {
  const batch = 2000;
  const [hits, areas] = at(1, () => {
    const gone = tf.sub(1, cutout(ones(batch), 5)).slice([0, 0, 0, 0], [batch, SIDE, SIDE, 1]);
    return [tf.mean(gone, [0, 3]).arraySync() as number[][], [...tf.sum(gone, [1, 2, 3]).dataSync()]];
  });
  // A pixel is gone where the centre is within two of it: 25 of 256 centres inside, 9 at a corner.
  const near = (found: number, centres: number) => {
    const share = centres / (SIDE * SIDE);
    assert.ok(Math.abs(found - share) < 5 * Math.sqrt((share * (1 - share)) / batch), `${found} beside ${share}`);
  };
  near(hits![8]![8]!, 25);
  near(hits![0]![0]!, 9);
  near(hits![15]![15]!, 9);
  near(hits![0]![8]!, 15);
  assert.deepEqual([Math.min(...areas!), Math.max(...areas!)], [9, 25]);
});

test("random erasing takes rectangles of any place and shape from as many images as was said", () => {
  const batch = 3000;
  const [rows, columns] = at(1, () => {
    const gone = tf.sub(1, randomErase(ones(batch), 0.3)).slice([0, 0, 0, 0], [batch, SIDE, SIDE, 1]);
    const extent = (axis: number) => [...tf.sum(tf.max(gone, axis), [1, 2]).dataSync()];
    return [extent(2), extent(1)];
  });
  const erased = rows!.flatMap((high, n) => (high > 0 ? [[high, columns![n]!] as const] : []));
  assert.ok(Math.abs(erased.length / batch - 0.3) < 5 * Math.sqrt(0.21 / batch), `${erased.length} of ${batch}`);
  const areas = erased.map(([high, wide]) => (high * wide) / SIDE ** 2);
  assert.ok(Math.min(...areas) > 0.005 && Math.max(...areas) < 0.4, `${Math.min(...areas)} … ${Math.max(...areas)}`);
  // The area is uniform from 0.02 to 0.33; whole pixels blur it.
  assert.ok(Math.abs(mean(areas) - 0.175) < 0.012, `mean area ${mean(areas)}`);
  const flat = erased.filter(([high, wide]) => wide > high).length / erased.length;
  const tall = erased.filter(([high, wide]) => high > wide).length / erased.length;
  assert.ok(Math.abs(flat - tall) < 5 / Math.sqrt(erased.length), `${flat} flat, ${tall} tall`);
  at(2, () => {
    assert.equal(tf.min(randomErase(ones(20), 0)).dataSync()[0], 1, "none");
    assert.ok(
      [...tf.min(randomErase(ones(20), 1), [1, 2, 3]).dataSync()].every((least) => least === 0),
      "all",
    );
    return 0;
  });
});

test("brightness, contrast and saturation change by factors of each image's own, within bounds", () => {
  const batch = 4000;
  const colour = [0.2, 0.3, 0.4];
  const grey = 0.299 * 0.2 + 0.587 * 0.3 + 0.114 * 0.4;
  const images = () => tf.mul(tf.ones([batch, 2, 2, 3]), tf.tensor1d(colour)) as Tensor4D;
  const none = { brightness: 0, contrast: 0, saturation: 0 };
  const factorsOf = (change: Partial<typeof none>, factor: (red: number) => number) =>
    at(1, () => [
      ...colourJitter(images(), { ...none, ...change })
        .slice([0, 0, 0, 0], [batch, 1, 1, 1])
        .dataSync(),
    ]).map(factor);
  const uniform = (factors: number[], low: number, high: number) => {
    assert.ok(Math.min(...factors) > low - 1e-3 && Math.max(...factors) < high + 1e-3);
    const sorted = [...factors].sort((a, b) => a - b);
    const distance = Math.max(
      ...sorted.map((value, rank) => Math.abs((value - low) / (high - low) - (rank + 0.5) / batch)),
    );
    assert.ok(distance < 1.95 / Math.sqrt(batch), `distance ${distance}`);
  };
  uniform(factorsOf({ brightness: 0.4 }, (red) => red / 0.2), 0.6, 1.4); // prettier-ignore
  uniform(factorsOf({ saturation: 0.5 }, (red) => (red - grey) / (0.2 - grey)), 0.5, 1.5); // prettier-ignore
  // Contrast goes around the mean of the picture's grey, which this picture has everywhere.
  uniform(factorsOf({ contrast: 0.3 }, (red) => (red - grey) / (0.2 - grey)), 0.7, 1.3); // prettier-ignore
  assert.deepEqual(factorsOf({}, (red) => red).slice(0, 3).map((red) => red.toFixed(6)), ["0.200000", "0.200000", "0.200000"]); // prettier-ignore
});

test("what is drawn is decided by seed and step", () => {
  const draw = (step: number) => at(step, () => [...cutout(ones(50), 5).dataSync()]);
  assert.deepEqual(draw(4), draw(4));
  assert.notDeepEqual(draw(4), draw(5));
});
