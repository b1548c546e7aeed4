import assert from "node:assert/strict";
import { test } from "node:test";
import { networkDiagram } from "../../src/figures";
import { networkLayers, resnet18, vgg08 } from "../../src/models";
import { namedLayers } from "../../src/models/named-layers";
import { type LayersModel, type SymbolicTensor, tf } from "../../src/tensorflow";

const feeds = (model: LayersModel) => networkLayers(model).map(({ name, inputs }) => `${inputs.join("+")}>${name}`);

test("a residual network's layers name what feeds them, both ways of a block", () => {
  const rows = networkLayers(resnet18({ width: 4 }), { amplified: ["block_0_0_bn_1"] });
  const row = (name: string) => rows.find((one) => one.name === name)!;
  assert.equal(rows.length, new Set(rows.map(({ name }) => name)).size);
  const add = rows.find(({ type }) => type === "Add")!;
  assert.equal(add.inputs.length, 2);
  assert.deepEqual(rows.filter(({ amplified }) => amplified).map(({ name }) => name), ["block_0_0_bn_1"]); // prettier-ignore
  assert.deepEqual([row("input").type, row("input").inputs], ["InputLayer", []]);
  assert.equal(networkDiagram(rows).data.length > 0, true);
  const parameters = rows.reduce((sum, one) => sum + one.parameters, 0);
  assert.equal(parameters, resnet18({ width: 4 }).trainableWeights.reduce((sum, weight) => sum + weight.shape.reduce<number>((a, b) => a * b!, 1), 0)); // prettier-ignore
});

test("a chain is a chain", () => {
  const rows = networkLayers(vgg08({ width: 4, classes: 10 }));
  rows.slice(1).forEach(({ inputs }, at) => assert.deepEqual(inputs, [rows[at]!.name]));
});

test("nested models are entered, and their inputs stand for what feeds them", () => {
  const inner = tf.sequential({
    name: "encoder",
    layers: [tf.layers.dense({ units: 3, inputShape: [2], name: "a" }), tf.layers.dense({ units: 2, name: "b" })],
  });
  const input = tf.input({ shape: [2], name: "in" });
  const scaled = tf.layers.reLU({ name: "relu" }).apply(input) as SymbolicTensor;
  const out = tf.layers.dense({ units: 1, name: "head" }).apply(inner.apply(scaled) as SymbolicTensor);
  const model = tf.model({ inputs: input, outputs: out as SymbolicTensor });
  assert.deepEqual(feeds(model), [">in", "in>relu", "relu>encoder/a", "encoder/a>encoder/b", "encoder/b>head"]);
  assert.deepEqual(feeds(inner), [">a", "a>b"]);
});

test("a layer that is used twice counts once; two inputs both are inputs", () => {
  const [a, b] = [tf.input({ shape: [2], name: "left" }), tf.input({ shape: [2], name: "right" })];
  const shared = tf.layers.dense({ units: 2, name: "shared" });
  const sum = tf.layers.add({ name: "sum" }).apply([shared.apply(a) as SymbolicTensor, shared.apply(b) as SymbolicTensor]) as SymbolicTensor; // prettier-ignore
  assert.deepEqual(feeds(tf.model({ inputs: [a, b], outputs: sum })), [">left", ">right", "left+right>shared", "shared>sum"]); // prettier-ignore
});

test("names that nested models use twice are told apart by the models' names", () => {
  const part = (name: string) =>
    tf.sequential({ name, layers: [tf.layers.dense({ units: 2, inputShape: [2], name: "dense" })] });
  const model = tf.sequential({ layers: [part("encoder"), part("decoder"), tf.layers.dense({ units: 1, name: "head" })] }); // prettier-ignore
  assert.deepEqual(namedLayers(model).map(({ name }) => name), ["encoder/dense", "decoder/dense", "head"]); // prettier-ignore
});
