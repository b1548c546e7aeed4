/** Max pooling whose windows overlap has a gradient that is the same each time, and the same op by op. */
import assert from "node:assert/strict";
import { dataset } from "../../../src/datasets";
import { compile } from "../../../src/graph";
import { steadyPoolingPass } from "../../../src/graph/passes/steady-pooling";
import { trace } from "../../../src/graph/trace";
import { nativeBackend, type Tensor, type Tensor4D, tf } from "../../../src/tensorflow";
import { startTraining } from "../../../src/training";
import { symmetric } from "../../support/deterministic";
import { graphTest as test } from "../../support/graph-test";
import { assertAllSameBits, relativeError, takeValues, valuesOf } from "../../support/same-bits";
import { applying } from "../../support/training-graph";

const SHAPE = [4, 9, 8, 5] as const;
const gradient = (size: number | [number, number], strides: number | [number, number], pad: "same" | "valid") => {
  const pool = (x: Tensor) => tf.maxPool(x as Tensor4D, size, strides, pad);
  return (x: Tensor) => tf.grad((y) => tf.sum(tf.square(pool(y))))(x);
};

test("overlapping windows give op by op's bits; others stay with oneDNN", () => {
  if (nativeBackend()!.isUsingGpuDevice) return;
  // Many of a window's numbers are equal, so which of them is the largest matters.
  const x = tf.tensor4d(symmetric("x", 4 * 9 * 8 * 5, 2).map(Math.round), [...SHAPE]);
  for (const [size, strides, pad, op] of [
    [3, 2, "same", "GradampMaxPoolGrad"],
    [3, 1, "valid", "GradampMaxPoolGrad"],
    [[2, 3], [2, 2], "same", "GradampMaxPoolGrad"],
    [2, 2, "same", "MaxPoolGrad"],
    [2, 3, "valid", "MaxPoolGrad"],
  ] as const) {
    const step = gradient(size as number, strides as number, pad);
    const traced = applying(steadyPoolingPass)(trace((y) => [step(y!)], [{ dtype: 1, shape: SHAPE }]));
    assert.ok(traced.graph.nodes.some((node) => node.op === op), `${String(size)}, ${String(strides)}`); // prettier-ignore
    traced.dispose();
    const compiled = compile(step);
    assertAllSameBits(takeValues([compiled(x)]), takeValues([step(x)]));
    compiled.dispose();
    const short = compile(step, { precision: "bfloat16" });
    assert.ok(relativeError(takeValues([short(x)])[0]!, takeValues([step(x)])[0]!) < 0.02);
    short.dispose();
  }
  x.dispose();
});

test("training with overlapping max pooling gives the same bits each time, on either engine", async () => {
  const data = await dataset({
    train: {
      inputs: tf.tensor4d(symmetric("images", 64 * 16 * 16 * 3, 1), [64, 16, 16, 3]),
      targets: Array.from({ length: 64 }, (_, at) => at % 3),
    },
    classes: 3,
  });
  const uniform = (seed: number) => tf.initializers.randomUniform({ minval: -0.2, maxval: 0.2, seed });
  const outcome = async (engine: "graph" | "eager") => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [16, 16, 3], filters: 8, kernelSize: 3, kernelInitializer: uniform(1) }),
        tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3, kernelInitializer: uniform(2) }),
      ],
    });
    await startTraining(model, data, { epochs: 1, batchSize: 16, engine, measure: null, seed: 1 }).finished;
    const weights = valuesOf(model.getWeights());
    model.dispose();
    return weights;
  };
  const expected = await outcome("eager");
  for (let run = 0; run < 10; run++) assertAllSameBits(await outcome("graph"), expected, "weight");
  data.dispose();
});
