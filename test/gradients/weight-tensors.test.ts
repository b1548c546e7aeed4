import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset } from "../../src/datasets";
import { gradientFlow, gradientHeatmap, layerHistory } from "../../src/figures";
import { weightTensors } from "../../src/gradients";
import { resnet18, vgg08 } from "../../src/models";
import { type LayersModel, type layers, type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";
import { startTraining } from "../../src/training";
import { symmetric } from "../support/deterministic";

const L = tf.layers;
const dense = (name: string, rest: object = {}) => L.dense({ units: 3, name, ...rest });
const named = (model: LayersModel) => weightTensors(model).map(({ layer, weight }) => `${layer}/${weight}`);
const kernels = (model: LayersModel) => named(model).filter((name) => name.endsWith("kernel"));
const chains = (model: LayersModel) =>
  weightTensors(model).filter(({ weight }) => weight.endsWith("kernel")).map(({ layer, chain }) => `${layer} ${chain}`); // prettier-ignore
const bidirectional = (layer: layers.Layer, name = "both") =>
  L.bidirectional({ layer: layer as never, mergeMode: "concat", name, inputShape: [5, 4] });
const part = (name: string) => tf.sequential({ name, layers: [dense("a", { inputShape: [3] }), dense("b")] });

/** A layer of one's own with layers in its fields, and two weights of one name. */
class Pair extends L.Layer {
  static className = "Pair";
  readonly left = dense("any");
  readonly towers = [dense("any"), dense("any")];
  override build(shape: number[]): void {
    for (const inner of [this.left, ...this.towers]) {
      inner.build(shape);
      this._trainableWeights.push(...inner.trainableWeights);
    }
    for (const name of ["scale_1", "scale_2"]) this.addWeight(name, [3], "float32", tf.initializers.ones());
    this.built = true;
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.addN([this.left, ...this.towers].map((inner) => inner.apply(inputs) as Tensor));
  }
}

describe("weights have unique names", () => {
  test("ordinary networks keep theirs, and are one chain", () => {
    const found = weightTensors(vgg08({ width: 4, classes: 10 }));
    assert.deepEqual(found.slice(0, 3).map(({ layer, weight }) => `${layer}/${weight}`), ["input_conv_conv_0/kernel", "input_conv_bn_0/gamma", "input_conv_bn_0/beta"]); // prettier-ignore
    assert.ok(found.every(({ chain }) => chain === null));
  });

  test("both directions of a bidirectional layer, and stacked cells in it", () => {
    const lstm = bidirectional(L.lstm({ units: 2 }));
    const all = ["kernel", "recurrent_kernel", "bias"];
    assert.deepEqual(
      named(tf.sequential({ layers: [lstm, dense("head")] })),
      [...all.map((name) => `both/forward/${name}`), ...all.map((name) => `both/backward/${name}`), "head/kernel", "head/bias"], // prettier-ignore
    );
    const cells = L.rnn({ cell: [L.lstmCell({ units: 2 }), L.gruCell({ units: 2 })], name: "rnn", inputShape: [5, 4] });
    assert.deepEqual(
      named(tf.sequential({ layers: [cells] })),
      [...all.map((name) => `rnn/cell_0/${name}`), ...all.map((name) => `rnn/cell_1/${name}`)], // prettier-ignore
    );
    const plain = L.gru({ units: 2, name: "gru", inputShape: [5, 4] });
    assert.deepEqual(named(tf.sequential({ layers: [plain] })), all.map((name) => `gru/${name}`)); // prettier-ignore
  });

  test("what a wrapper wraps: a layer keeps its weights' names, a model's layers say theirs", () => {
    const wrapped = (layer: layers.Layer) =>
      kernels(tf.sequential({ layers: [L.timeDistributed({ layer, name: "each", inputShape: [5, 3] })] }));
    assert.deepEqual(wrapped(dense("inner")), ["each/kernel"]);
    assert.deepEqual(wrapped(part("inner")), ["each/a/kernel", "each/b/kernel"]);
  });

  test("layers of nested models always carry their path", () => {
    const outer = tf.sequential({ name: "outer", layers: [part("inner")] });
    const model = tf.sequential({
      layers: [dense("first", { inputShape: [3] }), outer, part("second"), dense("head")],
    });
    assert.deepEqual(kernels(model), ["first/kernel", "outer/inner/a/kernel", "outer/inner/b/kernel", "second/a/kernel", "second/b/kernel", "head/kernel"]); // prettier-ignore
  });

  test("layers in the fields of one's own layer, and weights that it calls alike", () => {
    const model = tf.sequential({ layers: [dense("first", { inputShape: [3] }), new Pair({ name: "pair" })] });
    assert.deepEqual(kernels(model), ["first/kernel", "pair/left/kernel", "pair/tower_0/kernel", "pair/tower_1/kernel"]); // prettier-ignore
    assert.deepEqual(named(model).slice(-2), ["pair/scale", "pair/scale_2"]);
  });
});

describe("branches are chains of their own", () => {
  const input = () => tf.input({ shape: [3] });
  const apply = (layer: layers.Layer | LayersModel, x: SymbolicTensor | SymbolicTensor[]) =>
    layer.apply(x) as SymbolicTensor;

  test("a fork and a join: the first branch goes on", () => {
    const x = input();
    const trunk = apply(dense("trunk"), x);
    const [left, right] = ["left", "right"].map((name) => apply(dense(`${name}_1`), apply(L.reLU({}), apply(dense(`${name}_0`), trunk)))); // prettier-ignore
    const model = tf.model({ inputs: x, outputs: apply(dense("head"), apply(L.add(), [left!, right!])) });
    assert.deepEqual(chains(model).sort(), ["head trunk", "left_0 trunk", "left_1 trunk", "right_0 right_0", "right_1 right_0", "trunk trunk"]); // prettier-ignore
  });

  test("two inputs, nested models, bidirectional layers", () => {
    const [a, b] = [input(), input()];
    const joined = apply(L.concatenate(), [apply(part("left"), a), apply(part("right"), b)]);
    const model = tf.model({ inputs: [a, b], outputs: apply(dense("head"), joined) });
    assert.deepEqual(chains(model).sort(), ["head left/a", "left/a left/a", "left/b left/a", "right/a right/a", "right/b right/a"]); // prettier-ignore
    const both = weightTensors(tf.sequential({ layers: [bidirectional(L.lstm({ units: 2 })), dense("head")] }));
    assert.deepEqual([...new Set(both.map(({ layer, weight, chain }) => `${layer}/${weight.split("/")[0]} ${chain}`))], ["both/forward both/forward", "both/backward both/backward", "head/kernel both/forward", "head/bias both/forward"]); // prettier-ignore
  });

  test("a residual network's shortcuts", () => {
    const found = weightTensors(resnet18({ width: 4 }));
    assert.deepEqual([...new Set(found.map(({ chain }) => chain))], ["stem_conv", "block_1_0_shortcut_conv"]); // prettier-ignore
    const off = found.filter(({ chain }) => chain !== "stem_conv").map(({ layer }) => layer);
    assert.ok(off.every((layer) => layer.includes("shortcut")));
    assert.equal(new Set(off).size, 6);
  });

  test("figures show every weight once, each chain a line", async () => {
    const values = Float32Array.from(symmetric("both ways", 20 * 20, 1));
    const targets = Array.from({ length: 20 }, (_, at) => at % 3);
    const data = await dataset({ train: { inputs: { values, sampleShape: [5, 4] }, targets } });
    const model = tf.sequential({ layers: [bidirectional(L.lstm({ units: 4 })), dense("head")] });
    const run = await startTraining(model, data, { epochs: 3, batchSize: 20 }).finished;
    data.dispose();
    const shown = ["forward/kernel", "forward/recurrent_kernel", "backward/kernel", "backward/recurrent_kernel"].map((weight) => `both · ${weight}`); // prettier-ignore
    const [line] = gradientFlow(run).data as unknown as { x: unknown[]; y: unknown[] }[];
    assert.deepEqual(line!.x, [...shown.slice(0, 2), "head", null, ...shown.slice(2)]);
    assert.deepEqual(line!.y.map((value) => value === null), line!.x.map((value) => value === null)); // prettier-ignore
    assert.deepEqual((gradientHeatmap(run).data[0] as { y: unknown }).y, [...shown, "head"]);
    assert.deepEqual((layerHistory(run, { layer: "both" }).data.at(-1) as { x: unknown }).x, [1, 2, 3]);
  });

  test("rows of older runs, in which two weights have one name, are told apart", () => {
    const row = { epoch: 1, layer: "both", weight: "kernel", size: 1, meanAbs: 1 };
    const rows = [1, 2].flatMap((step) => [0, 1].map((index) => ({ ...row, step, index })));
    assert.deepEqual((gradientFlow(rows).data[0] as { x: unknown }).x, ["both · kernel", "both · kernel 2"]);
    assert.deepEqual((layerHistory(rows, { layer: "both" }).data.at(-1) as { x: unknown }).x, [1, 2]);
  });
});
