import assert from "node:assert/strict";
import { test } from "node:test";
import { amplify, withoutAmplification } from "../../src/amplification";
import { measure, STATISTICS, type StatisticName } from "../../src/gradients";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";

const x = tf.tensor2d(symmetric("measure/x", 12, 1), [4, 3]);

function network(): LayersModel {
  const kernelInitializer = (seed: number) => tf.initializers.randomUniform({ minval: -1, maxval: 1, seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [3], name: "dense_0", kernelInitializer: kernelInitializer(1) }),
      tf.layers.reLU({ name: "relu" }),
      tf.layers.dense({ units: 2, name: "dense_1", kernelInitializer: kernelInitializer(2) }),
    ],
  });
}

const backward = (model: LayersModel) =>
  tf.variableGrads(() => (model.apply(x, { training: true }) as Tensor).square().mean());

test("in a loop of one's own, rows are means over the steps observed, and each read begins anew", async () => {
  const model = network();
  const optimizer = tf.train.sgd(0.1);
  const measured = measure(model, { statistics: ["gradientFlow", "norms", "updates", "histogram"] });
  const naive: number[] = [];
  for (let step = 0; step < 3; step++) {
    const { grads } = backward(model);
    const [first] = Object.values(grads);
    naive.push([...first!.dataSync()].reduce((sum, value) => sum + Math.abs(value), 0) / first!.size);
    measured.observe(grads, { update: () => optimizer.applyGradients(grads) });
  }
  const { gradients, histograms, outputs, directionality } = await measured.read({ epoch: 4 });
  assert.deepEqual(
    gradients.map(({ epoch, step, index, layer, weight, size }) => [epoch, step, index, layer, weight, size]),
    [
      [4, 3, 0, "dense_0", "kernel", 12],
      [4, 3, 1, "dense_0", "bias", 4],
      [4, 3, 2, "dense_1", "kernel", 8],
      [4, 3, 3, "dense_1", "bias", 2],
    ],
  );
  const expected = naive.reduce((sum, value) => sum + value, 0) / 3;
  assert.ok(Math.abs(gradients[0]!.meanAbs / expected - 1) < 1e-5, `${gradients[0]!.meanAbs} against ${expected}`);
  // Plain SGD moves by the rate times the gradient.
  const { l2, updateL2 } = gradients[2] as unknown as { l2: number; updateL2: number };
  assert.ok(Math.abs(updateL2 / (0.1 * l2) - 1) < 1e-3, `${updateL2} against ${0.1 * l2}`);
  const [{ zeros, nonFinite, counts, low, high } = histograms[0]!] = histograms;
  assert.equal(
    counts.reduce((sum, count) => sum + count, zeros + nonFinite),
    3 * 12,
  );
  assert.deepEqual([low, high, counts.length], [-72, 8, 40]);
  assert.ok(["q05", "q25", "q50", "q75", "q95"].every((column) => typeof gradients[0]![column] === "number"));
  assert.deepEqual([outputs, directionality], [[], []]);

  await assert.doesNotReject(async () => {
    measured.observe(backward(model).grads, { update: () => {} });
    const again = await measured.read();
    assert.equal(again.gradients[0]!["updateL2"], 0);
    assert.equal(again.gradients[0]!.step, 4);
  });
  measured.dispose();
});

test("directionality is that of the steps since the last read", async () => {
  const model = network();
  const measured = measure(model, { statistics: ["directionality"] });
  const { grads } = backward(model);
  measured.observe(grads);
  measured.observe(Object.fromEntries(Object.entries(grads).map(([name, tensor]) => [name, tensor.neg()])));
  const cancelled = (await measured.read()).directionality;
  assert.deepEqual(cancelled.map(({ layer, G }) => [layer, G]), [["dense_0", 0], ["dense_1", 0]]); // prettier-ignore
  measured.observe(grads);
  const steady = (await measured.read()).directionality;
  assert.ok(steady.every(({ G }) => Math.abs(G - 1) < 1e-6));
  measured.dispose();
});

test("raw, amplified and clipped gradients stand side by side", async () => {
  const model = network();
  const measured = measure(model, { statistics: ["amplification"] });
  const amplified = amplify(model, { group: "relu", ampFactor: 4 });
  const { grads } = backward(model);
  const { grads: raw } = withoutAmplification(() => backward(model));
  const clipped = Object.fromEntries(Object.entries(grads).map(([name, tensor]) => [name, tensor.div(2)]));
  measured.observe(grads, { clipped, unamplified: raw });
  const { gradients } = await measured.read();
  const factors = gradients.map(({ meanAbs, rawMeanAbs }) => meanAbs / (rawMeanAbs as number));
  assert.deepEqual(factors, [4, 4, 1, 1]);
  assert.ok(gradients.every(({ meanAbs, clippedMeanAbs }) => Math.abs((clippedMeanAbs as number) / meanAbs - 0.5) < 1e-6)); // prettier-ignore
  amplified.remove();
  measured.dispose();
});

test("everything that can be measured leaves no tensors", async () => {
  const model = network();
  tf.dispose(backward(model) as never);
  const before = tf.memory().numTensors;
  const measured = measure(model, { statistics: Object.keys(STATISTICS) as StatisticName[] });
  const held = tf.memory().numTensors;
  for (let step = 0; step < 3; step++) {
    const { value, grads } = backward(model);
    measured.observe(grads, { update: () => {}, unamplified: grads });
    tf.dispose([value, Object.values(grads)]);
    assert.equal(tf.memory().numTensors, held);
    if (step === 1) await measured.read();
    assert.equal(tf.memory().numTensors, held);
  }
  measured.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("what makes no sense is refused with the remedy", async () => {
  const model = network();
  const grads = backward(model).grads;
  assert.throws(() => measure(model, { statistics: ["flow" as never] }), { name: "RangeError", message: /"flow"/ });
  assert.throws(() => measure(tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2] })] })), { name: "TypeError", message: /trainable weights/ }); // prettier-ignore
  const updates = measure(model, { statistics: ["updates"] });
  assert.throws(() => updates.observe(grads), { name: "TypeError", message: /\{ update: \(\) => … \}/ });
  await assert.rejects(updates.read(), { name: "RangeError", message: /call observe first/ });
  const amplification = measure(model, { statistics: ["amplification"] });
  assert.throws(() => amplification.observe(grads), { name: "TypeError", message: /withoutAmplification/ });
  const plain = measure(model);
  assert.throws(() => plain.observe({ other: tf.zeros([1]) }), { name: "TypeError", message: /found other/ });
  assert.throws(() => plain.observe([tf.zeros([1])]), { name: "TypeError", message: /4 gradients.*found 1/ });
  for (const one of [updates, amplification, plain]) one.dispose();
});
