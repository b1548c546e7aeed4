import assert from "node:assert/strict";
import { test } from "node:test";
import { embedded, epochPlan, evaluationBatch, trainingBatch, type Dataset } from "../../src/datasets";
import { vgg08, vgg38 } from "../../src/models";
import { tf, type LayersModel, type Scalar, type Tensor2D } from "../../src/tensorflow";

const BATCH = 100;

/** Trains with Adam and a cosine of the learning rate; the share of test images that come out right. */
function testAccuracy(model: LayersModel, data: Dataset, epochs: number, learningRate: number): number {
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8) as ReturnType<typeof tf.train.adam> & {
    learningRate: number;
  };
  for (let epoch = 1; epoch <= epochs; epoch++) {
    optimizer.learningRate = (learningRate * (1 + Math.cos((Math.PI * (epoch - 1)) / epochs))) / 2;
    const { size } = data.train;
    const rows = epochPlan(size, { seed: 1, epoch, augmentation: data.augmentation });
    const plan = tf.tensor2d(rows, [size, 4], "int32");
    for (let at = 0; at < size; at += BATCH)
      tf.tidy(() => {
        const { inputs, targets } = trainingBatch(data, plan, tf.range(at, at + BATCH, 1, "int32"));
        optimizer.minimize(() => {
          const logits = model.apply(inputs[0]!, { training: true }) as Tensor2D;
          return tf.losses.softmaxCrossEntropy(tf.oneHot(targets.as1D(), data.classes!), logits) as Scalar;
        });
      });
    plan.dispose();
  }
  let correct = 0;
  for (let at = 0; at < data.test!.size; at += BATCH)
    correct += tf.tidy(() => {
      const { inputs, targets } = evaluationBatch(data, data.test!, tf.range(at, at + BATCH, 1, "int32"));
      const found = (model.predict(inputs[0]!) as Tensor2D).argMax(1);
      return found.equal(targets).sum().dataSync()[0]!;
    });
  optimizer.dispose();
  return correct / data.test!.size;
}

test("on the embedded data VGG08 passes 60 %, VGG38 with batch norm and shortcuts does better, a linear model does not", () => {
  const data = embedded();
  const linear = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [32, 32, 3] }), tf.layers.dense({ units: 10 })],
  });
  const accuracy = {
    linear: testAccuracy(linear, data, 30, 1e-3),
    vgg08: testAccuracy(vgg08({ classes: 10 }), data, 30, 3e-3),
    vgg38: testAccuracy(vgg38({ classes: 10, batchNorm: true, residual: true }), data, 10, 3e-3),
  };
  data.dispose();
  console.log(accuracy);
  assert.ok(accuracy.linear < 0.4, `linear: ${accuracy.linear}`);
  assert.ok(accuracy.vgg08 > 0.6, `VGG08: ${accuracy.vgg08}`);
  assert.ok(accuracy.vgg38 > accuracy.vgg08, `VGG38 BN+RC: ${accuracy.vgg38}`);
});
