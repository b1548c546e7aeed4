/**
 * A process that knows tfjs alone: times `model.fit` on a saved topology, one step at a time.  `training-step` starts it.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";

// The package itself, not gradamp's door to it, which replaces kernels and gradients.
const tf = require("@tensorflow/tfjs-node-gpu") as typeof tfjs;

async function main(topology: string, batch: number, repeats: number): Promise<void> {
  const model = await tf.models.modelFromJSON(JSON.parse(readFileSync(topology, "utf8")) as tfjs.io.ModelJSON);
  model.compile({
    optimizer: tf.train.momentum(0.01, 0.9),
    loss: (target, prediction) => tf.losses.softmaxCrossEntropy(target, prediction),
  });
  const x = tf.randomNormal([batch, 32, 32, 3], 0, 1, "float32", 1);
  const y = tf.oneHot(tf.range(0, batch, 1, "int32").mod(tf.scalar(10, "int32")), 10).toFloat();
  const times: number[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const began = performance.now();
    await model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0 });
    times.push(performance.now() - began);
  }
  console.log(JSON.stringify(times.slice(1)));
}

const [topology = "", batch = "", repeats = ""] = process.argv.slice(2);
if (topology) void main(topology, Number(batch), Number(repeats));
