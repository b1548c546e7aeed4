/**
 * A process that measures each distinct convolution and matrix product of a network's step alone, in TensorFlow, and adds
 * them up as often as the step has them: what a step that did nothing else would take.
 */
import { readFileSync } from "node:fs";
import { type LayersModel, nativeBackend, tf } from "../../src/tensorflow";
import { type MatrixProduct, matrixProducts } from "../measure/matrix-products";
import type { Precision } from "../measure/engines";
import { quantile } from "../measure/summarise";
import { answer, nextSteps, taskOfProcess } from "./channel";
import { RawTensors } from "./raw-tensors";

/** What runs one product some times, and says how many milliseconds each took. */
type Timer = (runs: number) => number[];

function timer(raw: RawTensors, product: MatrixProduct, precision: Precision): Timer {
  const { op, left, right, stride, padding, transpose } = product;
  const types = { T: precision };
  if (op === "MatMul") {
    const inputs = [raw.random(left, precision), raw.random(right, precision)];
    return (runs) => raw.time(op, types, { transpose_a: transpose[0], transpose_b: transpose[1] }, inputs, runs);
  }
  const [batch = 0, height = 0, width = 0] = left;
  const [kernel = 0, , , out = 0] = right;
  const shrunk = (size: number) => Math.ceil((padding === "SAME" ? size : size - kernel + 1) / stride);
  const images = () => raw.random(left, precision);
  const kernels = () => raw.random(right, precision);
  const gradient = () => raw.random([batch, shrunk(height), shrunk(width), out], precision);
  const shape = (of: readonly number[]) => raw.of(tf.tensor1d([...of], "int32"), null);
  const inputs =
    op === "Conv2D"
      ? [images(), kernels()]
      : op === "Conv2DBackpropInput"
        ? [shape(left), kernels(), gradient()]
        : [images(), shape(right), gradient()];
  const attributes = {
    ...{ strides: [1, stride, stride, 1], padding, data_format: "NHWC", use_cudnn_on_gpu: true },
    ...{ explicit_paddings: [], dilations: [1, 1, 1, 1] },
  };
  return (runs) => raw.time(op, types, attributes, inputs, runs);
}

async function main(): Promise<void> {
  const task = taskOfProcess();
  const topology = JSON.parse(readFileSync(task.topology, "utf8")) as Parameters<typeof tf.models.modelFromJSON>[0];
  const model: LayersModel = await tf.models.modelFromJSON(topology);
  const products = matrixProducts(model, task.batch);
  model.dispose();
  const raw = new RawTensors();
  const timers = products.map((product) => ({ count: product.count, time: timer(raw, product, task.precision) }));
  /** The sum over a step, each product's time the median of some runs after one that is not counted. */
  const step = (runs: number) =>
    timers.reduce((sum, { count, time }) => sum + count * quantile(time(runs + 1).slice(1), 0.5), 0);
  step(1);
  answer({ parameters: null, versions: { tensorflow: nativeBackend()!.binding.TF_Version } });
  for (let steps = nextSteps(); steps !== null; steps = nextSteps()) answer({ steps, ms: steps * step(steps) });
  raw.dispose();
}

void main();
