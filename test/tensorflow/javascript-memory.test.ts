import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { graphBinding, graphFallback, type Tensor, tf } from "../../src/tensorflow";
import { addon, attr, FLOAT, GraphBuilder, idOf, take } from "../support/graph-builder";

const fallback = graphFallback();
const test = (name: string, body: () => Promise<void>) => nodeTest(name, { skip: fallback ?? false }, body);

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const SIZE = 1000;
const binding = () => graphBinding()!;
const foreignReleases = () =>
  (addon() as unknown as { gradamp: { foreignReleases(): number } }).gradamp.foreignReleases();

/**
 * Some tensors that lie in JavaScript's memory, and whether their arrays are still there.
 *
 * TensorFlow takes an array as it is where its address is a multiple of 64 and copies it at once where not: of 16 that
 * begin 4 bytes apart one will do.
 */
function sharedTensors(): { tensors: Tensor[]; arrays: WeakRef<Float32Array>[] } {
  const tensors: Tensor[] = [];
  const arrays: WeakRef<Float32Array>[] = [];
  for (let count = 0; count < 5; count++) {
    const buffer = new ArrayBuffer(4 * (SIZE + 16));
    for (let offset = 0; offset < 16; offset++) {
      const array = new Float32Array(buffer, 4 * offset, SIZE).fill(0);
      const tensor = tf.tensor1d(array);
      const id = idOf(tensor);
      array[0] = 7;
      if (addon().tensorDataSync(id)[0] === 7) {
        tensors.push(tensor);
        arrays.push(new WeakRef(array));
        break;
      }
      tensor.dispose();
    }
  }
  assert.equal(tensors.length, 5);
  return { tensors, arrays };
}

/** Waits until the arrays are gone, for a second at most. */
async function held(arrays: readonly WeakRef<Float32Array>[]): Promise<number> {
  const count = () => arrays.filter((array) => array.deref() !== undefined).length;
  for (let i = 0; i < 100 && count() > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
  }
  return count();
}

const handleAttributes = (name: string) => [
  attr.type("dtype", FLOAT),
  attr.shape("shape", [SIZE]),
  attr.string("shared_name", name),
];

test("a thread of TensorFlow's that gives up a variable's old value leaves its array to JavaScript's thread", async () => {
  const graph = new GraphBuilder(binding());
  const zeros = graph.add(
    "Fill",
    [],
    [graph.add("ExpandDims", [], [graph.int32(SIZE), graph.int32(0)]), constantZero(graph)],
  );
  const variable = graph.add("VarHandleOp", handleAttributes("test_shared"));
  const assigned = graph.add("AssignVariableOp", [attr.type("dtype", FLOAT)], [variable, zeros]);
  graph.define("test_overwrite", [], [zeros], [assigned]);
  const handle = addon().executeOp("VarHandleOp", handleAttributes("test_shared"), [], 1)[0]!.id;

  const { tensors, arrays } = sharedTensors();
  for (const tensor of tensors) {
    addon().executeOp("AssignVariableOp", [attr.type("dtype", FLOAT)], [handle, idOf(tensor)], 0);
    // The variable is the only one to hold it now.
    tensor.dispose();
    const before = foreignReleases();
    take(await binding().executeAsync("test_overwrite", [], 1));
    assert.equal(foreignReleases(), before + 1);
  }
  assert.equal(await held(arrays), 0);
  addon().executeOp("DestroyResourceOp", [], [handle], 0);
  addon().deleteTensor(handle);
  binding().removeFunction("test_overwrite");
});

test("a call's inputs are let go on JavaScript's thread, also where they were disposed of while it ran", async () => {
  const graph = new GraphBuilder(binding());
  const x = graph.add("Placeholder", [attr.type("dtype", FLOAT), attr.shape("shape", [SIZE])]);
  graph.define("test_sum", [x], [graph.add("Sum", [], [x, graph.int32(0)])]);
  const before = foreignReleases();
  const { tensors, arrays } = sharedTensors();
  const calls = tensors.map((tensor) => binding().executeAsync("test_sum", [idOf(tensor)], 1));
  tf.dispose(tensors);
  for (const call of calls) assert.deepEqual(take(await call), [[7]]);
  await setImmediate();
  assert.equal(foreignReleases(), before);
  assert.equal(await held(arrays), 0);
  binding().removeFunction("test_sum");
});

function constantZero(graph: GraphBuilder): number {
  const value = { dtype: FLOAT, shape: [], values: Float32Array.of(0) };
  return graph.add("Const", [attr.type("dtype", FLOAT), attr.tensor("value", value)]);
}
