import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  accuracyBars,
  gradientBars,
  gradientFlow,
  type GradientFlowOptions,
  learningRateComparison,
  theme,
  trainingCurves,
  type ScatterTrace,
} from "../../src/figures";
import type { RunRecord } from "../../src/rows";
import { exampleEpochs, exampleGradients, exampleRun, vggLayers } from "./example-rows";
import { matchSnapshot } from "./match-snapshot";

const small = exampleRun("VGG08", { blocks: 0, batchNorm: false, epochs: 3, decades: 0.5, best: 0.5 });
const deep = exampleRun("VGG38", { blocks: 5, batchNorm: false, epochs: 2, decades: 15, best: 0.01 });
const row = { epoch: 1, step: 1, weight: "kernel", size: 9 };

describe("gradientFlow", () => {
  test("shows 9 weights of VGG08 its input batch norm among them, one line an epoch, in forward order", () => {
    const { data } = gradientFlow(small);
    const lines = data.filter((trace): trace is ScatterTrace => trace.name?.startsWith("epoch ") ?? false);
    assert.deepEqual(
      lines.map(({ name }) => name),
      ["epoch 1", "epoch 2", "epoch 3"],
    );
    assert.deepEqual(lines[0]?.x, [
      "input_conv_conv_0",
      "input_conv_bn_0",
      "reduction_block_0_conv_0",
      "reduction_block_0_conv_1",
      "reduction_block_1_conv_0",
      "reduction_block_1_conv_1",
      "reduction_block_2_conv_0",
      "reduction_block_2_conv_1",
      "weight_logit_linear_layer",
    ]);
    matchSnapshot("gradient-flow", gradientFlow(small));
  });
  test("puts several runs side by side on one scale", () => {
    const spec = gradientFlow([small, deep], { theme: "dark" });
    assert.equal(spec.layout["yaxis2"]?.matches, "y");
    assert.deepEqual(
      spec.layout.annotations?.map(({ text }) => text),
      ["VGG08", "VGG38"],
    );
    matchSnapshot("gradient-flow-side-by-side-dark", spec);
  });
  test("marks zeros below and values that are not finite above everything on a logarithmic axis", () => {
    const rows = [1e-9, 0, NaN, 1e-3].map((meanAbs, index) => ({ ...row, index, layer: `conv_${index}`, meanAbs }));
    const { data, layout } = gradientFlow(rows);
    const [line, zero, broken] = data as ScatterTrace[];
    assert.deepEqual(line?.y, [1e-9, null, null, 1e-3]);
    assert.deepEqual(zero?.x, ["conv_1"]);
    assert.ok(Number(zero?.y[0]) < 1e-9 && Number(zero?.y[0]) > 0);
    assert.match(zero?.hovertext?.[0] ?? "", /exactly 0/);
    assert.deepEqual(broken?.x, ["conv_2"]);
    assert.ok(Number(broken?.y[0]) > 1e-3);
    assert.match(broken?.hovertext?.[0] ?? "", /NaN/);
    assert.equal(layout.showlegend, true);
  });
  test("draws zeros as zeros on a linear axis", () => {
    const rows = [0, 1e-3].map((meanAbs, index) => ({ ...row, index, layer: `conv_${index}`, meanAbs }));
    const { data } = gradientFlow(rows, { axis: "linear" });
    assert.deepEqual((data[0] as ScatterTrace).y, [0, 1e-3]);
    assert.equal(data.length, 1);
  });
  test("takes the last measured step of an epoch, or every step", () => {
    const rows = [1, 2, 3].map((step) => ({ ...row, step, index: 0, layer: "conv", meanAbs: step }));
    assert.deepEqual((gradientFlow(rows).data[0] as ScatterTrace).y, [3]);
    const lines = gradientFlow(rows, { per: "step" }).data.filter(({ name }) => name?.startsWith("step"));
    assert.equal(lines.length, 3);
  });
  test("takes a table that has objects()", () => {
    const table = { objects: () => small.gradients };
    assert.deepEqual(gradientFlow(table).data, gradientFlow(small.gradients).data);
  });
  test("leaves gaps where a statistic has a schedule of its own", () => {
    const rows = [
      { ...row, index: 0, layer: "a", meanAbs: 1, maxAbs: 2 },
      { ...row, index: 1, layer: "b", meanAbs: 1 },
    ];
    assert.deepEqual((gradientFlow(rows, { statistic: "maxAbs" }).data[0] as ScatterTrace).y, [2]);
  });
  test("names layers with two shown weights by both", () => {
    const rows = ["depthwise_kernel", "pointwise_kernel"].map((weight, index) => ({
      ...row,
      weight,
      index,
      layer: "sep",
      meanAbs: 1,
    }));
    assert.deepEqual((gradientFlow(rows).data[0] as ScatterTrace).x, [
      "sep · depthwise_kernel",
      "sep · pointwise_kernel",
    ]);
  });
  test("draws the weight layers of ResNet-101's size", () => {
    const spec = gradientFlow(exampleGradients(vggLayers(16, true), 3, 2));
    assert.equal((spec.data[0] as ScatterTrace).x.length, 207);
  });
  for (const [what, source, options, kind, message] of [
    ["no rows", [], {}, RangeError, /Found no gradient rows; train with measure/],
    ["a run without gradients", { ...small, name: "r", gradients: [] }, {}, RangeError, /of run r/],
    [
      "a statistic that was not measured",
      small,
      { statistic: "l2" },
      RangeError,
      /Expected a numeric column l2 .* found .*meanAbs/,
    ],
    ["an unknown theme", small, { theme: "sepia" as "dark" }, RangeError, /"light" or "dark" but found "sepia"/],
    ["nothing", null as never, {}, TypeError, /found null/],
  ] as [string, RunRecord | [], GradientFlowOptions, ErrorConstructor, RegExp][])
    test(`refuses ${what}`, () => {
      assert.throws(
        () => gradientFlow(source, options),
        (error: Error) => error instanceof kind && message.test(error.message),
      );
    });
});

test("gradientBars puts the mean in front of the maximum at the last epoch", () => {
  const spec = gradientBars(small);
  assert.deepEqual(
    spec.data.map(({ name }) => name),
    ["max |gradient|", "mean |gradient|"],
  );
  assert.equal(spec.layout.title?.text, "Gradients at epoch 3: VGG08");
  matchSnapshot("gradient-bars", spec);
  assert.throws(() => gradientBars(small, { epoch: 9 }), /\(1, 2, 3\) but found 9/);
  assert.throws(() => gradientBars([small, small] as never), /Expected one run but found 2/);
});

describe("trainingCurves", () => {
  test("draws loss and accuracy, training dotted and validation solid, a colour a run", () => {
    const spec = trainingCurves([small, deep]);
    const curves = spec.data as ScatterTrace[];
    assert.equal(curves.length, 8);
    assert.deepEqual(new Set(curves.slice(0, 2).map(({ line }) => line?.color)), new Set([theme().baseline]));
    assert.deepEqual(
      curves.slice(0, 2).map(({ line }) => line?.dash),
      ["dot", "solid"],
    );
    assert.equal(curves.filter(({ showlegend }) => showlegend).length, 4);
    matchSnapshot("training-curves", spec);
    matchSnapshot("training-curves-dark", trainingCurves(small, { theme: "dark" }));
  });
  test("shows loss alone where targets are no classes", () => {
    const rows = exampleEpochs(3, 0.5).map((each) => ({ ...each, trainAccuracy: null, validationAccuracy: null }));
    assert.deepEqual(
      trainingCurves(rows).data.map(({ name }) => name),
      ["train", "validation"],
    );
  });
  test("takes test curves where nothing was validated", () => {
    const rows = exampleEpochs(3, 0.5).map((each) => ({ ...each, validationLoss: null, testLoss: 1 }));
    assert.deepEqual(
      trainingCurves(rows, { metrics: ["loss"] }).data.map(({ name }) => name),
      ["train", "test"],
    );
  });
  test("refuses what has no such values", () => {
    assert.throws(() => trainingCurves(small, { splits: ["test"], metrics: ["loss"] }), /loss of test but found none/);
    assert.throws(() => trainingCurves([]), /Found no epoch rows/);
  });
});

test("learningRateComparison names each curve by the rate it began with", () => {
  const runs = [
    { name: "a", epochs: exampleEpochs(3, 0.5, 1e-2) },
    { name: "b", epochs: exampleEpochs(3, 0.4, 1e-3) },
  ];
  const spec = learningRateComparison(runs);
  assert.deepEqual(
    [...new Set(spec.data.map(({ name }) => name))],
    [
      "learning rate 1e-2, train",
      "learning rate 1e-2, validation",
      "learning rate 1e-3, train",
      "learning rate 1e-3, validation",
    ],
  );
  matchSnapshot("learning-rate-comparison", spec);
});

describe("accuracyBars", () => {
  test("takes runs or rows", () => {
    const spec = accuracyBars([small, deep]);
    assert.equal(spec.data[0]?.type, "bar");
    matchSnapshot("accuracy-bars", spec);
    assert.deepEqual(accuracyBars([{ name: "VGG08", accuracy: 0.4684 }]).data[0]?.text, ["46.84%"]);
  });
  test("takes the last, the best or the best-validated epoch", () => {
    const epochs = [0.3, 0.6, 0.5].map((testAccuracy, at) => ({
      ...(exampleEpochs(3, 0.5)[at] as (typeof small.epochs)[0]),
      testAccuracy,
      validationAccuracy: [0.9, 0.2, 0.1][at] ?? 0,
    }));
    const value = (at: "last" | "best" | "best-validation") =>
      accuracyBars({ name: "r", epochs }, { at }).data[0]?.text;
    assert.deepEqual([value("last"), value("best"), value("best-validation")], [["50.00%"], ["60.00%"], ["30.00%"]]);
  });
  test("refuses a run without such accuracies", () => {
    const epochs = small.epochs.map((each) => ({ ...each, testAccuracy: null }));
    assert.throws(() => accuracyBars({ name: "r", epochs }), /Found no testAccuracy in run r; evaluate it/);
  });
});
