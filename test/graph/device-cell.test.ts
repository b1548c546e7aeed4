import assert from "node:assert/strict";
import { DeviceCell } from "../../src/graph/device-cell";
import { tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";

test("a cell holds numbers of its own: what it took them from may change or go", () => {
  const before = tf.memory().numTensors;
  const cell = new DeviceCell("float32", [2, 2]);
  const source = Float32Array.of(1, 2, 3, 4);
  const tensor = tf.tensor2d(source, [2, 2]);
  cell.write(tensor);
  tensor.dispose();
  source.fill(9);
  const held = cell.read();
  assert.deepEqual([...held], [1, 2, 3, 4]);
  const zeros = tf.zeros([2, 2]);
  cell.write(zeros);
  zeros.dispose();
  // What was read stays what it was.
  assert.deepEqual([...held], [1, 2, 3, 4]);
  assert.deepEqual([...cell.read()], [0, 0, 0, 0]);
  cell.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("cells of the same shape are different, and one that is gone cannot be read", () => {
  const [first, second] = [new DeviceCell("int32", []), new DeviceCell("int32", [])];
  first.set(1);
  second.set(2);
  assert.deepEqual([first.read()[0], second.read()[0]], [1, 2]);
  first.dispose();
  assert.throws(() => first.read());
  second.dispose();
});
