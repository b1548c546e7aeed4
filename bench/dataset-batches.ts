/**
 * What a training batch costs: gather, pad, crop, mirror and normalise 100 images of 32×32×3.
 *
 * 2 cores that others used as well, TensorFlow 2.21, native backend: 2.2 ms for the first line at load 1, 5.0 ms at load
 * 15; a step of VGG08 takes some 75 ms on such a machine.
 */
import { embedded, epochPlan, evaluationBatch, trainingBatch } from "../src/datasets";
import { tf } from "../src/tensorflow";
import { words } from "./support/words";

words(`What a training batch costs: milliseconds to gather, pad, crop, mirror and normalise 100 images of 32×32×3.

npm run bench -- dataset-batches
`);

const REPEATS = 200;

function median(run: () => ReturnType<typeof trainingBatch>): string {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    const { inputs, targets } = run();
    times.push(performance.now() - start);
    tf.dispose([...inputs, targets]);
  }
  times.sort((a, b) => a - b);
  return times[REPEATS / 2]!.toFixed(2);
}

const data = embedded({ train: 1000, validation: 0, test: 0 });
const positions = tf.range(0, 100, 1, "int32");
const rows = epochPlan(1000, { seed: 1, epoch: 1, augmentation: data.augmentation });
const plan = tf.tensor2d(rows, [1000, 4], "int32");
const still = { ...data, augmentation: null };
console.log("batch of 100 images                 median ms");
console.log(`cropped, mirrored, normalised       ${median(() => trainingBatch(data, plan, positions))}`);
console.log(`normalised                          ${median(() => trainingBatch(still, plan, positions))}`);
console.log(`evaluation                          ${median(() => evaluationBatch(data, data.train, positions))}`);
tf.dispose([plan, positions]);
data.dispose();
