import assert from "node:assert/strict";
import { DeviceCell } from "../../src/graph/device-cell";
import { tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";
import { takeValues } from "../support/same-bits";

test("a cell holds numbers of its own: what it took them from may change or go", () => {
  const before = tf.memory().numTensors;
  const cell = new DeviceCell("float32", [2, 2]);
  cell.fill(3);
  assert.deepEqual([...(takeValues([cell.read()])[0]! as Float32Array)], [3, 3, 3, 3]);
  const source = Float32Array.of(1, 2, 3, 4);
  const tensor = tf.tensor2d(source, [2, 2]);
  cell.copyFrom(tensor);
  const held = cell.read();
  tensor.dispose();
  source.fill(9);
  cell.fill(7);
  // What was read stays what it was.
  assert.deepEqual([...held.dataSync()], [1, 2, 3, 4]);
  assert.deepEqual([...(takeValues([cell.read()])[0]! as Float32Array)], [7, 7, 7, 7]);
  held.dispose();
  cell.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("cells of the same shape are different, and one that is gone cannot be read", () => {
  const [first, second] = [new DeviceCell("int32", []), new DeviceCell("int32", [])];
  first.fill(1);
  second.fill(2);
  assert.deepEqual(takeValues([first.read(), second.read()]).map((values) => values[0]), [1, 2]); // prettier-ignore
  first.dispose();
  assert.throws(() => first.read());
  second.dispose();
});
