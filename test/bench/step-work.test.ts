/** Bytes and operations of a step, counted from its graph; what amplifying and measuring add to them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { addedWork } from "../../bench/measure/added-work";
import { describeNetwork } from "../../bench/measure/describe-network";
import { FEATURES } from "../../bench/measure/run-costs";
import { type StepWork, stepWork } from "../../bench/measure/step-work";
import { lookAtTrainingGraph } from "../../bench/support/training-graph";
import { DataType } from "../../src/graph/data-type";
import { type InputSpec, trace } from "../../src/graph/trace";
import { modelByName } from "../../src/models";
import { type Tensor, type Tensor4D, tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";

const folder = mkdtempSync(join(tmpdir(), "gradamp-step-work-test-"));
after(() => rmSync(folder, { recursive: true }));

const { float32 } = DataType;
const spec = (...shape: number[]): InputSpec => ({ dtype: float32, shape });

/** The work of a step of some inputs. */
function workOf(step: (...inputs: Tensor[]) => Tensor, ...shapes: number[][]): StepWork {
  const traced = trace(
    step,
    shapes.map((shape) => spec(...shape)),
  );
  try {
    return stepWork(traced.graph);
  } finally {
    traced.dispose();
  }
}

test("sums, matrix products, convolutions and their gradients", () => {
  assert.deepEqual(
    workOf((x, y) => tf.add(x!, y!), [10, 7], [10, 7]),
    { bytes: 3 * 280, flops: 70 },
  );
  assert.deepEqual(
    workOf((x, y) => tf.matMul(x!, y!), [3, 5], [5, 4]),
    { bytes: 4 * (15 + 20 + 12), flops: 120 },
  );
  assert.equal(workOf((x, y) => tf.matMul(x!, y!, false, true), [6, 3, 5], [6, 4, 5]).flops, 6 * 120);
  const convolve = (x: Tensor, filter: Tensor) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 2, "same");
  const flops = 2 * (2 * 4 * 4 * 5) * (3 * 3 * 3);
  assert.deepEqual(
    workOf((x, y) => convolve(x!, y!), [2, 8, 8, 3], [3, 3, 3, 5]),
    { bytes: 4 * (384 + 135 + 160), flops },
  );
  const both = workOf(
    (x, y, dy) =>
      tf.concat(
        tf
          .grads((a, b) => convolve(a!, b!))([x!, y!], dy!)
          .map((each) => tf.reshape(each, [-1])),
      ),
    ...[[2, 8, 8, 3], [3, 3, 3, 5], [2, 4, 4, 5]], // prettier-ignore
  );
  // The forward pass, both gradients, and what puts them together.
  assert.equal(both.flops, 3 * flops + 384 + 135);
});

test("what moves no data is no work", () => {
  assert.deepEqual(
    workOf((x) => tf.reshape(x!, [14, 5]), [10, 7]),
    { bytes: 0, flops: 0 },
  );
});

test("a network's step has its products' operations, and few besides", () => {
  const network = describeNetwork("vgg08", folder, false);
  const model = modelByName("vgg08", { classes: 100 });
  const look = { batch: network.batch };
  const { flops } = lookAtTrainingGraph(model, (traced) => traced, ({ graph }) => stepWork(graph), look); // prettier-ignore
  assert.ok(flops > network.flops && flops < 1.03 * network.flops, `${flops} against ${network.flops}`);
  model.dispose();
});

test("amplifying and measuring add less to VGG08 and VGG38 BN than they may cost", () => {
  for (const name of ["vgg08", "vgg38-bn"] as const) {
    const network = describeNetwork(name, folder, false);
    for (const { feature, atLeast, on, off } of FEATURES) {
      const { bytes, flops } = addedWork(network, 50, on, off);
      if (feature.startsWith("nothing")) assert.deepEqual([bytes, flops], [0, 0]);
      else assert.ok(Math.max(bytes, flops) < 1 - atLeast!, `${feature} adds ${bytes} and ${flops} to ${name}`);
      if (feature.startsWith("amplification")) assert.ok(bytes > 0, "it is in the graph");
    }
  }
});
