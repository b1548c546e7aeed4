import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { describe, test } from "node:test";
import * as figures from "../../src/figures";

const row = { epoch: 1, step: 1, weight: "kernel", size: 9 };
const run = (name: string, layers: Record<string, number>, epoch = 1) => ({
  name,
  gradients: Object.entries(layers).map(([layer, meanAbs], index) => ({
    ...row,
    epoch,
    step: epoch,
    index,
    layer,
    meanAbs,
  })),
});
const original = run("original", { conv_0: 1e-5, conv_1: 1e-3 });
const amplified = run("amplified", { conv_0: 4e-5, bn_0: 1e-4, conv_1: 2e-3 });

describe("gradientComparison", () => {
  test("of more runs than colours no two have the same line, and few runs have plain ones", () => {
    const linesOf = (count: number) =>
      figures
        .gradientComparison(Array.from({ length: count }, (_, at) => run(`run ${at}`, { conv_0: 1, conv_1: 2 })))
        .data.map((trace) => (trace as { line: { color: string; dash?: string } }).line);
    assert.ok(linesOf(8).every(({ dash }) => dash === undefined));
    assert.equal(new Set(linesOf(20).map(({ color, dash }) => `${color} ${dash}`)).size, 20);
  });
  test("draws runs in one panel over the layers of all, in their order", () => {
    const { data } = figures.gradientComparison([original, amplified]);
    assert.deepEqual(data.map(({ name }) => name), ["original", "amplified"]); // prettier-ignore
    assert.deepEqual(data[0]!.x, ["conv_0", "bn_0", "conv_1"]);
    assert.deepEqual(data[0]!.y, [1e-5, null, 1e-3]);
  });
  test("draws what each is of the first, where both have the layer", () => {
    const { data } = figures.gradientComparison([original, amplified], { show: "ratio" });
    assert.deepEqual([data[0]!.name, data[0]!.y], ["amplified / original", [4, null, 2]]);
    assert.deepEqual(data.at(-1)!.y, [1, 1, 1]);
  });
  test("marks zeros and values that are not finite", () => {
    const { data } = figures.gradientComparison([run("a", { x: 0, y: NaN, z: 1 })]);
    assert.deepEqual(data.at(-1)!.x, ["x", "y"]);
  });
  test("refuses an epoch that a run has not, a ratio of one run and an unknown way", () => {
    assert.throws(
      () => figures.gradientComparison([original], { epoch: 3 }),
      /run original measured \(1\) but found 3/,
    );
    assert.throws(() => figures.gradientComparison(original, { show: "ratio" }), /at least two runs .* but found 1/);
    assert.throws(() => figures.gradientComparison([original], { show: "diff" as "ratio" }), /found "diff"/);
  });
});

test("runHeatmap has a column a run, also where runs share a name, and gaps where a run lacks the layer", () => {
  const { data } = figures.runHeatmap([
    original,
    amplified,
    { ...original, gradients: run("", { conv_0: 0 }).gradients },
  ]);
  const [map, odd] = data as [figures.PlotlyTrace & { z: (number | null)[][] }, figures.PlotlyTrace];
  assert.deepEqual(map.x, ["original", "amplified", "original (2)"]);
  assert.deepEqual(map.z, [[-5, -4.39794, null], [null, -4, null], [-3, -2.69897, null]]); // prettier-ignore
  assert.deepEqual([odd.x, odd.y], [["original (2)"], ["conv_0"]]);
  assert.throws(() => figures.runHeatmap([{ name: "a", gradients: [] }]), /Found no gradient rows of run a/);
});

describe("histogramComparison", () => {
  const bins = { step: 1, index: 0, layer: "conv", weight: "kernel", low: -4, high: 0, zeros: 0, nonFinite: 0 };
  const histograms = [1, 2, 3].map((epoch) => ({ ...bins, epoch, step: epoch, counts: [0, epoch, 1, 0] }));
  test("draws the first epoch of a run and its last, or those that are asked for", () => {
    const names = (options: figures.HistogramComparisonOptions) =>
      figures.histogramComparison({ name: "r", histograms }, options).data.map(({ name }) => name);
    assert.deepEqual(names({}), ["epoch 1", "epoch 3"]);
    assert.deepEqual(names({ epochs: [2] }), ["epoch 2"]);
  });
  test("draws the last of several runs, as shares of all weights, and says how many are exactly 0", () => {
    const zeros = histograms.map((each) => ({ ...each, zeros: 4 }));
    const { data } = figures.histogramComparison([
      { name: "a", histograms },
      { name: "b", histograms: zeros },
    ]);
    assert.deepEqual(data.map(({ name }) => name), ["a", "b (50.0% exactly 0)"]); // prettier-ignore
    assert.deepEqual(data.map(({ y }) => y[1]), [0.75, 0.375]); // prettier-ignore
  });
  test("refuses what has no such histograms", () => {
    assert.throws(() => figures.histogramComparison({ name: "r", histograms: [] }), /no histograms in run r; measure/);
    assert.throws(() => figures.histogramComparison({ name: "r", histograms }, { epochs: [9] }), /run r measured \(1, 2, 3\) but found 9/); // prettier-ignore
    assert.throws(() => figures.histogramComparison({ name: "r", histograms }, { layer: "x" }), /of layer x/);
  });
});

describe("confusionMatrix", () => {
  test("counts by the right class, in shares of it", () => {
    const { data, layout } = figures.confusionMatrix({ labels: [0, 0, 1, 2], predicted: [0, 1, 1, 2] });
    assert.deepEqual((data[0] as unknown as { z: unknown }).z, [[0.5, 0.5, 0], [0, 1, 0], [0, 0, 1]]); // prettier-ignore
    assert.match(layout.title!.text, /75\.0% right/);
  });
  test("refuses lists of different lengths, what is no class, and a matrix that is not square", () => {
    assert.throws(() => figures.confusionMatrix({ labels: [0], predicted: [] }), /each of 1 labels but found 0/);
    assert.throws(
      () => figures.confusionMatrix({ labels: [0.5], predicted: [0] }),
      /whole numbers from 0 but found 0.5/,
    );
    assert.throws(() => figures.confusionMatrix([[1, 2], [3]]), /square matrix/); // prettier-ignore
    assert.throws(() => figures.confusionMatrix([]), /found none/);
    assert.throws(() => figures.confusionMatrix([[1]], { classes: ["a", "b"] }), /names of 1 classes but found 2/);
  });
});

describe("sampleGrid", () => {
  /** The rows of a PNG's pixels, red, green, blue and opacity. */
  const pixelsOf = (spec: figures.PlotlySpec) => {
    const file = Buffer.from((spec.data[0] as { source: string }).source.split(",")[1]!, "base64");
    const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
    const at = file.indexOf("IDAT");
    const raw = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
    return Array.from({ length: height }, (_, y) => [
      ...raw.subarray(y * (1 + 4 * width) + 1, (y + 1) * (1 + 4 * width)),
    ]);
  };
  test("draws the pixels from the darkest to the lightest, grey ones too, with gaps that show the ground", () => {
    const spec = figures.sampleGrid({ pixels: [-1, 1, 0, -1, 1, 1, -1, -1], shape: [2, 2, 2, 1] });
    const [first] = pixelsOf(spec);
    assert.deepEqual(first!.slice(0, 12), [0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]);
    assert.deepEqual(spec.layout.annotations, []);
  });
  test("names the classes, and in red what a network took for another", () => {
    const pixels = new Float32Array(2 * 12);
    const spec = figures.sampleGrid({ pixels, shape: [2, 2, 2, 3], labels: [0, 1], predicted: [0, 0] }, { classes: ["cat", "dog"] }); // prettier-ignore
    assert.deepEqual(spec.layout.annotations?.map(({ text }) => text), ["cat", "cat<br>not dog"]); // prettier-ignore
    assert.equal(spec.layout.annotations?.[1]?.font?.color, figures.theme().amplified);
  });
  test("shows no more than asked for and says so; refuses shapes that do not fit", () => {
    const pixels = new Uint8Array(100 * 12);
    assert.match(figures.sampleGrid({ pixels, shape: [100, 2, 2, 3] }).layout.title!.text, /40 of 100/);
    assert.throws(
      () => figures.sampleGrid({ pixels, shape: [9, 2, 2, 3] }),
      /Expected 108 pixel values .* but found 1200/,
    );
    assert.throws(() => figures.sampleGrid({ pixels, shape: [100, 12] }), /\[images, height, width, channels\]/);
    assert.throws(() => figures.sampleGrid({ pixels, shape: [100, 2, 2, 3], labels: [1] }), /labels of 100 images but found 1/); // prettier-ignore
    assert.throws(() => figures.sampleGrid({ pixels, shape: [100, 2, 2, 3] }, { columns: 0 }), /columns/);
  });
});
