import assert from "node:assert/strict";
import { test } from "node:test";
import * as ga from "../../src";
import { epochMeasurement, HISTOGRAM_RANGE, STATISTICS, type WeightTensor } from "../../src/gradients";
import { tf } from "../../src/tensorflow";
import { uniforms } from "../support/deterministic";
import { graphTest } from "../support/graph-test";

/** What the statistic says of one weight tensor after these gradients. */
async function measured(steps: readonly (readonly number[])[]): Promise<{ cosine: number; noiseScale: number }> {
  const size = steps[0]!.length;
  const variable = tf.variable(tf.zeros([size]), false);
  const weights = [{ index: 0, layer: "a", weight: "kernel", size, variable } as unknown as WeightTensor];
  const measurement = epochMeasurement(STATISTICS.noise, { weights, layers: [], range: HISTOGRAM_RANGE });
  measurement.observe({ raw: [tf.ones([size])], clipped: [], weights: [], updated: [] });
  measurement.reset();
  for (const step of steps)
    measurement.observe({ raw: [tf.tensor1d([...step])], clipped: [], weights: [], updated: [] });
  const { noise } = measurement.rows(await measurement.read(), { epoch: 1, step: 2 });
  measurement.dispose();
  return noise![0]!;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

function naive(steps: readonly (readonly number[])[]): { cosine: number; noiseScale: number } {
  const unit = (g: readonly number[]) => g.map((x) => x / Math.hypot(...g));
  const cosines = steps.slice(1).map((g, i) => dot(unit(g), unit(steps[i]!)));
  const mean = steps[0]!.map((_, i) => steps.reduce((sum, g) => sum + g[i]!, 0) / steps.length);
  const off = steps.map((g) => Math.hypot(...g.map((x, i) => x - mean[i]!)) ** 2);
  const variance = off.reduce((sum, x) => sum + x, 0) / (steps.length - 1);
  const signal = dot(mean, mean) - variance / steps.length;
  return {
    cosine: cosines.reduce((sum, x) => sum + x, 0) / cosines.length,
    noiseScale: signal > 0 ? variance / signal : Infinity,
  };
}

const random = (key: string, count: number, drift: number) =>
  Array.from({ length: count }, (_, step) =>
    Array.from(uniforms(`${key}/${step}`, 6), (x, i) => 2 * x - 1 + drift * (i - 1)),
  );

for (const [drift, count] of [
  [0.5, 5],
  [2, 12],
  [0.2, 40],
  [-1, 2],
] as const)
  // prettier-ignore
  for (const scale of [1e-24, 1, 1e15])
    test(`cosine and noise scale of ${count} gradients of size ${scale} with drift ${drift} are the naive ones`, async () => {
      const steps = random("noise", count, drift);
      const expected = naive(steps);
      const found = await measured(steps.map((g) => g.map((x) => x * scale)));
      assert.ok(Math.abs(found.cosine - expected.cosine) < 1e-5, `${found.cosine} against ${expected.cosine}`);
      assert.ok(Math.abs(found.noiseScale / expected.noiseScale - 1) < 1e-4, `${found.noiseScale} against ${expected.noiseScale}`); // prettier-ignore
    });

test("equal gradients have no noise, opposite ones nothing else; norms that fall and rise by 10³⁰ are told", async () => {
  const g = [1, -2, 3];
  const same = await measured([g, g, g]);
  assert.ok(Math.abs(same.cosine - 1) < 1e-6 && same.noiseScale < 1e-6, JSON.stringify(same));
  const turned = await measured([g, g.map((x) => -x)]);
  assert.ok(Math.abs(turned.cosine + 1) < 1e-6);
  assert.equal(turned.noiseScale, Infinity);
  const wide = [g.map((x) => x * 1e-15), g.map((x) => x * 1e15), g];
  const found = await measured(wide);
  assert.ok(Math.abs(found.cosine - 1) < 1e-6);
  assert.ok(found.noiseScale > 1e4, `${found.noiseScale}`);
});

test("what cannot be told is NaN: one step, zeros, a gradient that is not finite", async () => {
  const one = await measured([[1, 2]]);
  assert.ok(Number.isNaN(one.cosine) && Number.isNaN(one.noiseScale));
  const none = await measured([[0, 0], [0, 0]]); // prettier-ignore
  assert.ok(Number.isNaN(none.cosine) && Number.isNaN(none.noiseScale));
  const odd = await measured([[1, 2], [Infinity, 1], [1, 1]]); // prettier-ignore
  assert.ok(Number.isNaN(odd.cosine) && Number.isNaN(odd.noiseScale), JSON.stringify(odd));
  // A step without gradients stands between two that have them: no pair.
  const gap = await measured([[1, 2], [0, 0], [1, 2]]); // prettier-ignore
  assert.ok(Number.isNaN(gap.cosine));
});

graphTest("both engines write the same rows of noise and ranks, a row of each weight tensor and epoch", async () => {
  const data = ga.embedded({ train: 40, validation: 10, test: 10 });
  const rowsOf = async (engine: "graph" | "eager") => {
    const model = ga.vgg08({ classes: 10, width: 3, seed: 2 });
    const measure = { statistics: ["noise" as const, "rank" as const, "amplification" as const] };
    const run = await ga.train(model, data, { epochs: 2, batchSize: 10, engine, measure, seed: 1, progress: false });
    model.dispose();
    return { noise: run.noise, gradients: run.gradients };
  };
  const [graph, eager] = [await rowsOf("graph"), await rowsOf("eager")];
  data.dispose();
  assert.equal(graph.noise.length, 2 * new Set(graph.gradients.map(({ index }) => index)).size);
  assert.deepEqual(new Set(graph.noise.map(({ step }) => step)), new Set([4, 8]));
  graph.noise.forEach((row, at) => {
    assert.ok(row.cosine > -1 && row.cosine < 1 && row.noiseScale > 0, JSON.stringify(row));
    assert.ok(Math.abs(row.cosine - eager.noise[at]!.cosine) < 1e-5);
    const [a, b] = [row.noiseScale, eager.noise[at]!.noiseScale];
    assert.ok(a === b || Math.abs(a / b - 1) < 1e-2, `${row.layer}: ${a} and ${b}`);
  });
  graph.gradients.forEach((row, at) => {
    const [a, b] = [row["effectiveRank"] as number, eager.gradients[at]!["effectiveRank"] as number];
    assert.ok(a >= 0.999 && a <= 30 && Math.abs(a / b - 1) < 1e-3, `${row.layer} ${row.weight}: ${a} and ${b}`);
    assert.equal(row["ampGain"], 1);
  });
});
