import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, rawOp, tf } from "../../src/tensorflow";

test("a raw op reaches TensorFlow and its result is a plain tensor", () => {
  const [y] = rawOp("Relu", { T: attribute.type("float32") }, [tf.tensor1d([-1, 2])]);
  assert.deepEqual([...y!.dataSync()], [0, 2]);
});
