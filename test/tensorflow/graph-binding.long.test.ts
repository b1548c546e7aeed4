import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { createLoop } from "../../src/graph";
import { graphBinding, graphFallback, type Scalar, tf } from "../../src/tensorflow";
import { addon, callWith, defineLoop, Int32Variable } from "../support/graph-builder";

const fallback = graphFallback();
const test = (name: string, body: () => Promise<void>) => nodeTest(name, { skip: fallback ?? false }, body);

const mebibytes = () => process.memoryUsage().rss / 2 ** 20;

/** Does something over and over; after the first fifth of it, tensors and memory must stay as they are. */
async function assertFlat(times: number, turn: (index: number) => Promise<void>): Promise<void> {
  let tensors = 0;
  let memory = 0;
  for (let i = 0; i < times; i++) {
    if (i === times / 5) {
      tensors = addon().getNumOfTensors();
      memory = mebibytes();
    }
    await turn(i);
  }
  assert.equal(addon().getNumOfTensors(), tensors);
  assert.ok(mebibytes() - memory < 20, `${(mebibytes() - memory).toFixed(1)} MiB more than after a fifth`);
}

test("10,000 calls of 200 functions, with arrays of JavaScript's in variables, leave nothing behind", async () => {
  const name = "long_memory";
  const count = new Int32Variable(`${name}/count`, 0);
  const stop = new Int32Variable(`${name}/stop`, 0);
  const remove = () => ["", "_condition", "_body"].forEach((part) => graphBinding()!.removeFunction(name + part));
  defineLoop(graphBinding()!, name);
  await assertFlat(10_000, async (i) => {
    if (i % 50 === 49) {
      remove();
      defineLoop(graphBinding()!, name);
    }
    count.value = i;
    await callWith(name, [0, 2]);
    assert.equal(count.value, i + 2);
  });
  remove();
  count.dispose();
  stop.dispose();
});

test("10,000 runs of a compiled loop leave nothing behind, and 100,000 steps of one run", async () => {
  const sum = tf.variable(tf.zeros([100]));
  const body = (index: Scalar, x: typeof sum) => sum.assign(tf.add(sum, tf.mul(x, tf.cast(index, "float32"))));
  const loop = createLoop(body as never, { engine: "graph", readable: [sum] });
  await assertFlat(10_000, async () => {
    const x = tf.ones([100]);
    assert.equal(await loop.run({ first: 0, last: 3, inputs: [x] }), 3);
    x.dispose();
  });
  // 0 + 1 + 2 each time; exact in float32.
  assert.deepEqual([...sum.dataSync()], new Array(100).fill(30_000));
  const before = mebibytes();
  const x = tf.ones([100]);
  assert.equal(await loop.run({ first: 0, last: 100_000, inputs: [x] }), 100_000);
  assert.ok(mebibytes() - before < 20, `${(mebibytes() - before).toFixed(1)} MiB more`);
  tf.dispose([x, sum]);
  loop.dispose();
});
