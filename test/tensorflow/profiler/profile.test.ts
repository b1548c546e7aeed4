import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { graphBinding, graphFallback, nativeBackend, profile, type Rank, tf } from "../../../src/tensorflow";
import { callWith, defineLoop, Int32Variable } from "../../support/graph-builder";

const fallback = graphFallback();
const test = (name: string, body: () => Promise<void>) => nodeTest(name, { skip: fallback ?? false }, body);

test("a profile counts and times ops that tfjs runs one by one, the slowest first", async () => {
  const x = tf.randomNormal<Rank.R2>([200, 200]);
  const { result, ms, ops } = await profile(async () => {
    const sum = tf.tidy(() => tf.add(tf.matMul(x, x), tf.matMul(x, x)));
    await sum.data();
    return sum;
  });
  assert.deepEqual(result.shape, [200, 200]);
  const products = ops.filter(({ op }) => /MatMul/.test(op));
  assert.equal(
    products.reduce((sum, { count }) => sum + count, 0),
    2,
  );
  assert.ok(products.every(({ device, totalMs }) => device === "CPU" && totalMs > 0 && totalMs < ms));
  const times = ops.map(({ totalMs }) => totalMs);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => b - a),
  );
  tf.dispose([x, result]);
});

test("a profile sees every turn of a compiled loop, with the shapes of the inputs", async () => {
  const name = "test_profile";
  const count = new Int32Variable(`${name}/count`, 0);
  const stop = new Int32Variable(`${name}/stop`, 0);
  defineLoop(graphBinding()!, name);
  await callWith(name, [0, 1]);
  const { result, ops } = await profile(() => callWith(name, [0, 25]));
  assert.deepEqual(result, [[25]]);
  const sums = ops.filter(({ op }) => op === "AddV2");
  assert.deepEqual(
    sums.map((sum) => [sum.count, sum.inputs]),
    [
      [25, "int32[], int32[]"],
      [25, "int32[], int32[]"],
    ],
  );
  for (const part of ["", "_condition", "_body"]) graphBinding()!.removeFunction(name + part);
  count.dispose();
  stop.dispose();
});

test("a profile passes on what the action throws, and the next one can be made; one at a time", async () => {
  await assert.rejects(
    profile(() => Promise.reject(new RangeError("wrong"))),
    new RangeError("wrong"),
  );
  const { ops } = await profile(async () => {
    tf.tidy(() => tf.square(tf.ones([3])).dataSync());
    await assert.rejects(
      profile(() => Promise.resolve()),
      /Expected one profile at a time/,
    );
  });
  assert.equal(ops.find(({ op }) => op === "Square")?.count, 1);
  assert.throws(() => graphBinding()!.stopProfile(), /Expected a profile that was started/);
});

test("a profile says why it cannot be made", async () => {
  const exports = nativeBackend()!.binding as unknown as { gradamp?: object };
  const ours = exports.gradamp!;
  delete exports.gradamp;
  try {
    await assert.rejects(
      profile(() => Promise.resolve()),
      /Expected TensorFlow's profiler but .*gradamp setup/,
    );
  } finally {
    exports.gradamp = ours;
  }
});
