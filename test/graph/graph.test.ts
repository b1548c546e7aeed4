/** Graphs, their copies and their constants. */
import assert from "node:assert/strict";
import { addConstant, isSmallConstant } from "../../src/graph/constant";
import { DataType } from "../../src/graph/data-type";
import { enqueue } from "../../src/graph/call-queue";
import { Graph, type Value } from "../../src/graph/graph";
import { COPY, inline, type Pass } from "../../src/graph/inline";
import { op, placeholder } from "../../src/graph/op-attributes";
import { graphTest as test } from "../support/graph-test";

const FLOAT = op.type("T", DataType.float32);
const ops = (graph: Graph) => graph.nodes.map((node) => node.op);
const binary = (graph: Graph, name: string, x: Value, y: Value) => graph.add(name, [FLOAT], [x, y]).outputs[0]!;

test("TensorFlow tells types and shapes of a node, and what does not fit", () => {
  const graph = new Graph();
  const x = placeholder(graph, DataType.float32, [2, 3]);
  const y = placeholder(graph, DataType.float32, [3, 4]);
  const product = graph.add("MatMul", [FLOAT, op.bool("transpose_a", false), op.bool("transpose_b", false)], [x, y]);
  assert.deepEqual(product.outputs.map(({ dtype, shape }) => [dtype, shape]), [[DataType.float32, [2, 4]]]); // prettier-ignore
  assert.throws(() => binary(graph, "AddV2", x, y), /must be equal|ncompatible/);
  assert.throws(() => graph.add("NoSuchOp", [], []), /NoSuchOp/);
  // What failed is not in it.
  assert.deepEqual(ops(graph), ["Placeholder", "Placeholder", "MatMul"]);
  const other = new Graph();
  assert.throws(() => binary(other, "AddV2", x, x), /node of this graph but found Placeholder of another/);
  graph.dispose();
  other.dispose();
});

test("constants: small ones written out, uniform ones filled, each once", () => {
  const graph = new Graph();
  const add = (values: Float32Array, ...shape: number[]) => addConstant(graph, DataType.float32, shape, values);
  const small = add(Float32Array.of(1, 2), 2);
  assert.equal(add(Float32Array.of(1, 2), 2), small);
  assert.notEqual(add(Float32Array.of(1, 2), 2, 1), small);
  assert.notEqual(add(Float32Array.of(0)), add(Float32Array.of(-0)));
  const [zeros, negative] = [new Float32Array(1000), new Float32Array(1000).fill(-0)].map((values) =>
    add(values, 1000),
  );
  assert.notEqual(zeros, negative);
  assert.deepEqual([zeros!.node.op, zeros!.shape], ["Fill", [1000]]);
  assert.deepEqual([256, 257].map((length) => isSmallConstant(Float32Array.from({ length }, (_, at) => at))), [true, false]); // prettier-ignore
  assert.ok(isSmallConstant(new Float32Array(1e6).fill(NaN)));
  graph.dispose();
});

test("a copy holds what is wanted and nothing else", () => {
  const source = new Graph();
  const x = placeholder(source, DataType.float32, [2]);
  const sum = binary(source, "AddV2", x, x);
  const wanted = binary(source, "Mul", sum, x);
  binary(source, "Sub", sum, x);
  const target = new Graph();
  const own = placeholder(target, DataType.float32, [2]);
  const find = inline(source, target, new Map([[x, own]]), [wanted], COPY);
  assert.deepEqual(ops(target), ["Placeholder", "AddV2", "Mul"]);
  assert.equal(find(wanted).node.inputs[1], own);
  assert.equal(find(x), own);
  source.dispose();
  target.dispose();
});

test("a pass puts something else in a node's place, for nodes and for whoever asks", () => {
  const source = new Graph();
  const x = placeholder(source, DataType.float32, [2]);
  const sum = binary(source, "AddV2", x, x);
  const difference = binary(source, "Sub", sum, x);
  const asked: Value[] = [];
  const pass: Pass = {
    rewrite: (node, inputs, target) => (node.op === "AddV2" ? [binary(target, "Mul", inputs[0]!, inputs[1]!)] : null),
    result: (value, counterpart) => (asked.push(value), counterpart),
  };
  const target = new Graph();
  const own = placeholder(target, DataType.float32, [2]);
  const find = inline(source, target, new Map([[x, own]]), [difference], pass);
  assert.deepEqual(ops(target), ["Placeholder", "Mul", "Sub"]);
  assert.equal(find(difference).node.op, "Sub");
  assert.deepEqual(asked, [difference]);
  source.dispose();
  target.dispose();
});

test("calls are queued in the order in which they were asked for; one that fails holds up nobody", async () => {
  const log: string[] = [];
  const call = (name: string, fails = false) =>
    enqueue(async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([call("a"), call("b", true), call("c")]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]); // prettier-ignore
  assert.deepEqual(log, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
