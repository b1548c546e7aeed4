import assert from "node:assert/strict";
import { test } from "node:test";
import { group } from "../../src/amplification";
import { type SymbolicTensor, type Tensor, tf } from "../../src/tensorflow";

const names = (found: { name: string }[]) => found.map((layer) => layer.name);

/** A residual block with a projected shortcut, written by somebody who knows nothing of gradamp. */
function residual() {
  const apply = (layer: unknown, x: SymbolicTensor | SymbolicTensor[]) =>
    (layer as ReturnType<typeof tf.layers.dense>).apply(x) as SymbolicTensor;
  const input = tf.input({ shape: [4] });
  const stem = apply(tf.layers.batchNormalization({ name: "stem_bn" }), input);
  const start = apply(tf.layers.reLU({ name: "stem_relu" }), stem);
  const shortcut = apply(
    tf.layers.batchNormalization({ name: "shortcut_bn" }),
    apply(tf.layers.dense({ units: 8, name: "shortcut" }), start),
  );
  let main = apply(tf.layers.dense({ units: 8, name: "first" }), start);
  main = apply(tf.layers.batchNormalization({ name: "bn_1" }), main);
  main = apply(tf.layers.activation({ activation: "relu", name: "relu_1" }), main);
  main = apply(tf.layers.dense({ units: 8, name: "second" }), main);
  main = apply(tf.layers.batchNormalization({ name: "bn_2" }), main);
  const joined = apply(tf.layers.add(), [shortcut, main]);
  return tf.model({
    inputs: input,
    outputs: apply(tf.layers.dense({ units: 2, activation: "relu", name: "head" }), joined),
  });
}

test("groups are found by class and activation, in forward order", () => {
  const model = residual();
  assert.deepEqual(new Set(names(group(model, "bn"))), new Set(["stem_bn", "bn_1", "shortcut_bn", "bn_2"]));
  assert.deepEqual(names(group(model, "bn"))[0], "stem_bn");
  assert.deepEqual(names(group(model, "relu")), ["stem_relu", "relu_1", "head"]);
  assert.equal(group(model, "bn+relu").length, 7);
});

test("one batch normalisation of a residual block comes from its longer branch", () => {
  const model = residual();
  assert.deepEqual(names(group(model, "first-bn-of-block")), ["bn_1"]);
  assert.deepEqual(names(group(model, "last-bn-of-block")), ["bn_2"]);
});

test("nested models are entered and a shared layer counts once", () => {
  const relu = tf.layers.reLU({ name: "shared_relu" });
  const inner = tf.sequential({ name: "inner", layers: [tf.layers.dense({ units: 3, inputShape: [3] }), relu] });
  const input = tf.input({ shape: [3] });
  const twice = inner.apply(inner.apply(input) as SymbolicTensor) as SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: relu.apply(twice) as SymbolicTensor });
  assert.deepEqual(names(group(model, "relu")), ["shared_relu"]);
});

test("an identity shortcut is no branch", () => {
  const input = tf.input({ shape: [4] });
  const bn = tf.layers.batchNormalization({ name: "inside" }).apply(input) as SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: tf.layers.add().apply([input, bn]) as SymbolicTensor });
  assert.deepEqual(names(group(model, "first-bn-of-block")), ["inside"]);
});

/** A layer of somebody's own, known by its class alone. */
function own(className: string, name: string) {
  class Own extends tf.layers.Layer {
    static className = className;
    override getClassName = () => className;
    override call = (inputs: Tensor | Tensor[]) => [inputs].flat()[0]!;
    override computeOutputShape = (shape: never) => shape;
  }
  return new Own({ name });
}

test("activations, norms, attention and recurrent layers are groups, alone, inside layers and wrapped", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4, activation: "selu" }), inputShape: [3, 4], name: "td_selu" }), // prettier-ignore
      tf.layers.conv1d({ filters: 4, kernelSize: 1, activation: "gelu" as never, name: "conv_gelu" }),
      tf.layers.layerNormalization({ name: "ln" }),
      own("GroupNormalization", "gn"),
      own("RMSNorm", "rms"),
      own("MultiHeadAttention", "mha"),
      own("SelfAttention", "attention"),
      own("SiLU", "silu"),
      tf.layers.elu({ name: "elu" }),
      tf.layers.activation({ activation: "swish", name: "swish" }),
      tf.layers.activation({ activation: "softmax", name: "softmax" }),
      tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2, returnSequences: true }) as never, mergeMode: "concat", name: "both" }), // prettier-ignore
      tf.layers.timeDistributed({ layer: tf.layers.batchNormalization(), name: "td_bn" }),
      tf.layers.lstm({ units: 3, name: "lstm" }),
      tf.layers.dense({ units: 2, activation: "softplus", name: "dense_softplus" }),
      tf.layers.leakyReLU({ name: "leaky" }),
      tf.layers.dense({ units: 2, name: "plain" }),
    ],
  });
  assert.deepEqual(names(group(model, "activation")), ["td_selu", "conv_gelu", "silu", "elu", "swish", "dense_softplus", "leaky"]); // prettier-ignore
  assert.deepEqual(names(group(model, "norm")), ["ln", "gn", "rms", "td_bn"]);
  assert.deepEqual(names(group(model, "attention")), ["mha", "attention"]);
  assert.deepEqual(names(group(model, "recurrent")), ["both", "lstm"]);
  assert.throws(() => group(model, "atention" as never), /did you mean "attention"\?/);
});
