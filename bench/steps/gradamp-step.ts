/** A process that times gradamp's training step, and leaves the network's topology for stock tfjs. */
import { writeFileSync } from "node:fs";
import { weightTensors } from "../../src/gradients";
import { modelByName } from "../../src/models";
import { tf } from "../../src/tensorflow";
import { sgd } from "../../src/training";
import { lossFunction } from "../../src/training/loss";
import { trainingStep } from "../../src/training/training-step";

const [network = "vgg08", batch = "100", repeats = "5", topology = ""] = process.argv.slice(2);
const model = modelByName(network, { classes: 10 });
if (topology) writeFileSync(topology, JSON.stringify({ modelTopology: model.toJSON(null, false) }));
const variables = weightTensors(model).map(({ variable }) => variable);
const context = {
  model,
  lossFunction: lossFunction(model, "crossEntropy"),
  variables,
  optimizer: sgd().start(variables),
  clipNorm: null,
};
const x = tf.randomNormal([Number(batch), 32, 32, 3], 0, 1, "float32", 1);
const labels = tf.tidy(() => tf.range(0, Number(batch), 1, "int32").mod(tf.scalar(10, "int32")));
const times: number[] = [];
for (let repeat = 0; repeat <= Number(repeats); repeat++) {
  const began = performance.now();
  tf.tidy(() => {
    const result = trainingStep(context, [x], labels, { learningRate: tf.scalar(0.01), step: tf.scalar(repeat + 1) });
    result.loss.dataSync();
    result.correct.dispose();
  });
  times.push(performance.now() - began);
}
console.log(JSON.stringify(times.slice(1)));
