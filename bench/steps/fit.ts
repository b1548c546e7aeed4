/**
 * A process that measures `model.fit` of stock tfjs, on the same TensorFlow: it loads the network's topology and never
 * gradamp, which would replace kernels and gradients.
 */
import type * as tfjs from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { answer, nextSteps, taskOfProcess } from "./channel";

const tf = require("@tensorflow/tfjs-node-gpu") as typeof tfjs;

async function main(): Promise<void> {
  const task = taskOfProcess();
  const { batch, classes, learningRate } = task;
  const model = await tf.models.modelFromJSON(JSON.parse(readFileSync(task.topology, "utf8")) as tfjs.io.ModelJSON);
  model.compile({
    optimizer: task.optimizer === "adam" ? tf.train.adam(learningRate) : tf.train.momentum(learningRate, 0.9),
    loss: (target, prediction) => tf.losses.softmaxCrossEntropy(target, prediction),
  });
  /** One call of fit; its first step, with what starting takes, is not in the time. */
  const fit = async (steps: number): Promise<number> => {
    const x = tf.randomNormal([(steps + 1) * batch, 32, 32, 3], 0, 1, "float32", 1);
    const y = tf.tidy(() =>
      tf.oneHot(tf.range(0, x.shape[0]!, 1, "int32").mod(tf.scalar(classes, "int32")), classes).toFloat(),
    );
    let began = 0;
    let ended = 0;
    const onBatchEnd = (index: number) => {
      if (index === 0) began = performance.now();
      ended = performance.now();
    };
    await model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0, callbacks: { onBatchEnd } });
    tf.dispose([x, y]);
    return ended - began;
  };
  await fit(0);
  const parameters = model.trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((product, size) => product * (size ?? 1), 1),
    0,
  );
  answer({ parameters, versions: { tfjs: tf.version.tfjs } });
  for (let steps = nextSteps(); steps !== null; steps = nextSteps()) answer({ steps, ms: await fit(steps) });
}

void main();
