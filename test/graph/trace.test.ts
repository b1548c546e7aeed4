/** What the tracer writes down, and that it computes and changes nothing. */
import assert from "node:assert/strict";
import { DataType } from "../../src/graph/data-type";
import { type InputSpec, trace, type Trace } from "../../src/graph/trace";
import type { Output } from "../../src/graph/structure";
import "../../src/graph";
import { type Tensor, tf } from "../../src/tensorflow";
import { countOps } from "../support/count-ops";
import { graphTest as test } from "../support/graph-test";
import { assertAllSameBits, valuesOf } from "../support/same-bits";
import { tinyModel } from "../support/tiny";

const float = (...shape: number[]): InputSpec => ({ dtype: DataType.float32, shape });

/** Traces, looks, disposes of the trace, and finds that no tensor is left of it. */
function traced(
  step: (...inputs: Tensor[]) => Output,
  specs: readonly InputSpec[],
  look: (trace: Trace) => void,
  left = 0,
): void {
  const before = tf.memory().numTensors;
  const result = trace(step, specs);
  try {
    look(result);
  } finally {
    result.dispose();
  }
  assert.equal(tf.memory().numTensors - before, left, "tensors left");
}

const ops = ({ graph }: Trace) => graph.nodes.map(({ op }) => op).filter((op) => op !== "Placeholder");
const attributeOf = (found: Trace, op: string, name: string) =>
  found.graph.nodes.find((node) => node.op === op)!.attributes.find((each) => each.name === name)!.value;

test("a training step of a network is traced without an op, an upload or a change", () => {
  const model = tinyModel({ batchNorm: true });
  const optimizer = tf.train.momentum(0.1, 0.9);
  const x = tf.randomNormal([2, 32, 32, 3]);
  const y = tf.oneHot(tf.tensor1d([1, 2], "int32"), 10);
  const step = (images: Tensor, classes: Tensor) =>
    optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(classes, model.apply(images, { training: true }) as Tensor),
      true,
    ) as Output;
  // Makes the slots.
  tf.dispose(step(x, y) as Tensor);
  const variables = Object.values(tf.engine().registeredVariables);
  const before = { ids: variables.map(({ dataId }) => dataId), values: valuesOf(variables) };
  const { total, uploads } = countOps(() =>
    traced(step, [float(2, 32, 32, 3), float(2, 10)], (found) => {
      const written = found.state.filter(({ after }) => after !== null);
      // Weights with their momentum, and the moving averages of seven batch norms.
      const trained = model.trainableWeights.length;
      assert.equal(written.length, 2 * trained + model.nonTrainableWeights.length);
      assert.equal(found.outputs.length, 1);
      assert.deepEqual(found.outputs[0]!.shape, []);
      assert.ok(ops(found).includes("Conv2DBackpropFilter"));
    }),
  );
  assert.deepEqual([total, uploads], [0, 0]);
  assert.deepEqual(variables.map(({ dataId }) => dataId), before.ids); // prettier-ignore
  assertAllSameBits(valuesOf(variables), before.values, "variable");
  optimizer.dispose();
  model.dispose();
  tf.dispose([x, y]);
});

test("small constants are written into the graph, equal ones once", () => {
  traced(
    (x) =>
      x!
        .add(tf.scalar(2))
        .mul(tf.scalar(2))
        .add(tf.tensor1d([1, 2, 3])),
    [float(3)],
    (found) => {
      assert.deepEqual(ops(found), ["Const", "Add", "Mul", "Const", "Add"]);
      assert.equal(found.captures.length, 0);
    },
  );
});

test("large constants of one value become a Fill, which tells -0 from 0", () => {
  traced(
    (x) => [
      x!.add(tf.zeros([20, 20])),
      x!.add(tf.ones([20, 20])),
      x!.add(tf.tensor(new Float32Array(400).fill(-0), [20, 20])),
    ],
    [float(20, 20)],
    (found) => {
      assert.equal(ops(found).filter((op) => op === "Fill").length, 3);
      assert.equal(found.captures.length, 0);
    },
  );
});

test("other large constants come in from outside and go with the trace", () => {
  const values = Float32Array.from({ length: 400 }, (_, at) => at);
  traced(
    (x) => x!.add(tf.tensor(values, [20, 20])),
    [float(20, 20)],
    (found) => {
      assert.ok(!ops(found).includes("Const"));
      assert.deepEqual(found.captures.map(({ value, owned }) => [value.shape, owned!.dataSync()[399]]), [[[20, 20], 399]]); // prettier-ignore
    },
  );
});

test("tensors from outside are inputs of the graph, whatever their size, and stay whose they are", () => {
  const scale = tf.scalar(3);
  traced(
    (x) => x!.mul(scale).add(scale),
    [float(2)],
    (found) => {
      assert.deepEqual(found.captures.map(({ owned }) => owned), [null]); // prettier-ignore
      assert.equal(found.captures[0]!.dataId, scale.dataId);
    },
  );
  assert.equal(scale.dataSync()[0], 3);
  scale.dispose();
});

test("variables that are read, written, both or neither", () => {
  const [read, written, both, neither] = [1, 2, 3, 4].map((value) => tf.variable(tf.scalar(value)));
  traced(
    (x) => {
      written!.assign(x as never);
      both!.assign(both!.add(read!));
    },
    [float()],
    ({ state, outputs }) => {
      const found = new Map(state.map(({ variable, after }) => [variable, after !== null]));
      assert.deepEqual([read, written, both, neither].map((variable) => found.get(variable!)), [false, true, true, undefined]); // prettier-ignore
      assert.deepEqual(outputs, []);
    },
  );
  assert.deepEqual([read, written, both, neither].map((variable) => variable!.dataSync()[0]), [1, 2, 3, 4]); // prettier-ignore
  tf.dispose([read!, written!, both!, neither!]);
});

test("variables that the step makes are found, with their first values", () => {
  let made = null as ReturnType<typeof tf.variable> | null;
  traced(
    (x) => {
      made = tf.variable(x!.mul(2));
      made.assign(made.add(1));
    },
    [float(2)],
    ({ created, state }) => {
      assert.deepEqual(created.map(({ variable, initial, last }) => [variable === made, initial.node.op, last.node.op]), [[true, "Mul", "Add"]]); // prettier-ignore
      assert.equal(state.length, 0);
    },
    1,
  );
  made!.dispose();
});

test("a variable that the step makes and disposes of is no state", () => {
  traced(
    (x) => {
      const passing = tf.variable(x!);
      const result = passing.mul(2);
      passing.dispose();
      return result;
    },
    [float(2)],
    ({ created }) => assert.deepEqual(created, []),
  );
});

test("outputs keep their structure", () => {
  traced(
    (x) => ({ a: [x!.add(1), null], b: { c: x! }, d: undefined }),
    [float(2)],
    ({ outputs, rebuild }) => {
      assert.equal(outputs.length, 2);
      const [first, second] = [tf.scalar(1), tf.scalar(2)];
      assert.deepEqual(rebuild([first, second]), { a: [first, null], b: { c: second }, d: undefined });
      tf.dispose([first, second]);
    },
  );
});

test("whole numbers, booleans and bytes keep their types", () => {
  traced(
    (i, b) => tf.where(b!.cast("bool"), i!, tf.zerosLike(i!)),
    [
      { dtype: DataType.int32, shape: [3] },
      { dtype: DataType.bool, shape: [3] },
    ],
    (found) => {
      assert.equal(found.outputs[0]!.dtype, DataType.int32);
      assert.deepEqual(found.inputs.map(({ dtype }) => dtype), [DataType.int32, DataType.bool]); // prettier-ignore
    },
  );
});

test("gather is one op: its indices are not read", () => {
  traced(
    (x, indices) => tf.gather(x!, indices!, 1),
    [float(2, 5), { dtype: DataType.int32, shape: [3] }],
    (found) => {
      assert.deepEqual(found.outputs[0]!.shape, [2, 3]);
      assert.ok(ops(found).includes("GatherV2"));
      assert.equal(attributeOf(found, "GatherV2", "batch_dims"), 0);
    },
  );
});
