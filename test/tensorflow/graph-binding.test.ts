import assert from "node:assert/strict";
import { join } from "node:path";
import { test as nodeTest } from "node:test";
import { graphBinding, graphFallback, type Rank, tf } from "../../src/tensorflow";
import {
  addon,
  attr,
  callWith,
  defineLoop,
  FLOAT,
  GraphBuilder,
  idOf,
  INT32,
  Int32Variable,
  take,
} from "../support/graph-builder";
import { runNode } from "../support/run-node";

const fallback = graphFallback();
const test = (name: string, body: () => void | Promise<void>) => nodeTest(name, { skip: fallback ?? false }, body);
const binding = () => graphBinding()!;
const builder = () => new GraphBuilder(binding());

test("outputs of a node have inferred types and shapes, to which constants contribute", () => {
  const graph = builder();
  const x = graph.argument(FLOAT, [2, -1]);
  assert.deepEqual(graph.outputs, [{ dtype: FLOAT, shape: [2, -1] }]);
  graph.argument(FLOAT, null);
  assert.deepEqual(graph.outputs, [{ dtype: FLOAT, shape: null }]);
  graph.add("Reshape", [], [x, graph.int32(6, 1)]);
  assert.deepEqual(graph.outputs, [{ dtype: FLOAT, shape: [6, 1] }]);
  graph.add("Fill", [], [graph.int32(2, 3), graph.int32(7)]);
  assert.deepEqual(graph.outputs, [{ dtype: INT32, shape: [2, 3] }]);
  graph.graph.dispose();
});

test("list inputs are told from the op's definition", () => {
  const graph = builder();
  const a = graph.argument(FLOAT, [2, 3]);
  const b = graph.argument(FLOAT, [2, 3]);
  const cases: [string, Parameters<typeof graph.add>[2], (number[] | null)[]][] = [
    ["AddN", [a, b, a], [[2, 3]]],
    ["Pack", [a, b], [[2, 2, 3]]],
    ["ConcatV2", [a, b, b, graph.int32(1)], [[2, 9]]],
    ["IdentityN", [a, graph.int32(0)], [[2, 3], []]],
    // Two lists of one length.
    ["DynamicStitch", [graph.int32(0, 1), graph.int32(2, 3), a, b], [[4, 3]]],
  ];
  for (const [op, inputs, shapes] of cases) {
    graph.add(op, [], inputs);
    assert.deepEqual(
      graph.outputs.map(({ shape }) => shape),
      shapes,
      op,
    );
  }
  graph.graph.dispose();
});

test("an op with two lists of types is told by its attributes, of which one may be missing", () => {
  const graph = builder();
  const [a, b, c] = [graph.argument(FLOAT, []), graph.argument(INT32, []), graph.argument(FLOAT, [])];
  const rest = [
    attr.func("f", "some function"),
    attr.int("num_batch_threads", 1),
    attr.int("max_batch_size", 1),
    attr.int("batch_timeout_micros", 1),
    attr.type("Tout", [FLOAT]),
  ];
  graph.add("BatchFunction", [...rest, attr.type("Tin", [FLOAT, INT32])], [a, b, c]);
  assert.equal(graph.outputs.length, 1);
  assert.throws(
    () => graph.add("BatchFunction", rest, [a, b, c]),
    /needs its attributes Tin|needs its attributes Tcapt/,
  );
  graph.graph.dispose();
});

test("attributes that inputs settle may be missing or wrong, and unknown ones mean nothing, as in executeOp", () => {
  const graph = builder();
  const x = graph.argument(FLOAT, [4]);
  graph.add("AddV2", [], [x, x]);
  graph.add("AddV2", [attr.type("T", INT32), attr.type("nonsense", FLOAT)], [x, x]);
  assert.deepEqual(graph.outputs, [{ dtype: FLOAT, shape: [4] }]);
  graph.add("AddN", [attr.type("T", FLOAT), attr.int("N", 7)], [x, x]);
  graph.add("ExpandDims", [attr.string("_kept", "a")], [x, graph.int32(0)]);
  assert.deepEqual(graph.outputs, [{ dtype: FLOAT, shape: [1, 4] }]);
  graph.graph.dispose();
});

test("a function gives what its ops give eagerly, called either way", async () => {
  const graph = builder();
  const x = graph.argument(FLOAT, [1, 5, 5, 2]);
  const kernel = graph.argument(FLOAT, [3, 3, 2, 2]);
  const strides = [attr.int("strides", [1, 1, 1, 1]), attr.string("padding", "SAME")];
  const y = graph.add("Conv2D", strides, [x, kernel]);
  const z = graph.add("LeakyRelu", [attr.float("alpha", 0.25)], [y]);
  const buckets = graph.add("Bucketize", [attr.float("boundaries", [-1, 0, 1])], [y]);
  graph.define("test_conv", [x, kernel], [z, buckets]);
  const a = tf.randomNormal<Rank.R4>([1, 5, 5, 2], 0, 1, "float32", 1);
  const b = tf.randomNormal<Rank.R4>([3, 3, 2, 2], 0, 1, "float32", 2);
  const conv = tf.conv2d(a, b, 1, "same");
  const expected = [
    [...tf.leakyRelu(conv, 0.25).dataSync()],
    [...conv.dataSync()].map((value) => (value < -1 ? 0 : value < 0 ? 1 : value < 1 ? 2 : 3)),
  ];
  assert.deepEqual(take(addon().executeOp("test_conv", [], [idOf(a), idOf(b)], 2)), expected);
  const results = await binding().executeAsync("test_conv", [idOf(a), idOf(b)], 2);
  assert.deepEqual(
    results.map(({ dtype, shape }) => ({ dtype, shape })),
    [
      { dtype: FLOAT, shape: [1, 5, 5, 2] },
      { dtype: INT32, shape: [1, 5, 5, 2] },
    ],
  );
  assert.deepEqual(take(results), expected);
  binding().removeFunction("test_conv");
});

test("a constant is a typed array, strings, or the value of a tensor", async () => {
  const graph = builder();
  const types = { bool: 10, int64: 9, bfloat16: 14, string: 7 };
  const constant = (dtype: number, value: unknown) =>
    graph.add("Const", [attr.type("dtype", dtype), attr.tensor("value", value)]);
  const tensor = tf.tensor2d([[1.5, -2]]);
  const outputs = [
    constant(FLOAT, idOf(tensor)),
    constant(types.bool, { dtype: types.bool, shape: [2], values: Uint8Array.of(1, 0) }),
    graph.add(
      "Cast",
      [attr.type("DstT", INT32)],
      [constant(types.int64, { dtype: types.int64, shape: [2], values: BigInt64Array.of(5n, -6n) })],
    ),
    graph.add(
      "Cast",
      [attr.type("DstT", FLOAT)],
      [constant(types.bfloat16, { dtype: types.bfloat16, shape: [], values: Uint16Array.of(0x3f80) })],
    ),
    graph.add(
      "StringLength",
      [],
      [constant(types.string, { dtype: types.string, shape: [2], values: ["four", "a".repeat(300)] })],
    ),
  ];
  tensor.dispose();
  graph.define("test_constants", [], outputs);
  const expected = [[1.5, -2], [1, 0], [5, -6], [1], [4, 300]];
  assert.deepEqual(take(await binding().executeAsync("test_constants", [], 5)), expected);
  binding().removeFunction("test_constants");
  const other = builder();
  assert.throws(
    () =>
      other.add("Const", [
        attr.type("dtype", FLOAT),
        attr.tensor("value", { dtype: FLOAT, shape: [3], values: Float32Array.of(1) }),
      ]),
    /Const "Const_0": Expected 12 bytes .* but found 4/,
  );
  other.graph.dispose();
});

test("a function may return its arguments, more than once", async () => {
  const graph = builder();
  const x = graph.argument(INT32, []);
  const y = graph.argument(INT32, []);
  graph.define("test_swap", [x, y], [y, x, y]);
  assert.deepEqual(await callWith("test_swap", [1, 2], 3), [[2], [1], [2]]);
  binding().removeFunction("test_swap");
});

test("a function calls another, which may change between calls", async () => {
  const define = (summand: number) => {
    const inner = builder();
    const x = inner.argument(INT32, []);
    inner.define("test_inner", [x], [inner.add("AddV2", [], [x, inner.int32(summand)])]);
  };
  const outer = builder();
  const x = outer.argument(INT32, []);
  const called = outer.add("PartitionedCall", [attr.type("Tout", [INT32]), attr.func("f", "test_inner")], [x]);
  outer.define("test_outer", [x], [outer.add("Mul", [], [called, outer.int32(10)])]);
  define(1);
  assert.deepEqual(await callWith("test_outer", [2]), [[30]]);
  binding().removeFunction("test_inner");
  binding().removeFunction("test_outer");
});

test("a removed function is gone, and its name free for another", async () => {
  const define = (op: string) => {
    const graph = builder();
    const x = graph.argument(INT32, []);
    graph.define("test_removed", [x], [graph.add(op, [], [x])]);
  };
  assert.equal(binding().hasFunction("test_removed"), false);
  define("Neg");
  assert.equal(binding().hasFunction("test_removed"), true);
  assert.deepEqual(await callWith("test_removed", [3]), [[-3]]);
  assert.throws(() => define("Square"), /test_removed is defined already/);
  binding().removeFunction("test_removed");
  assert.equal(binding().hasFunction("test_removed"), false);
  await assert.rejects(callWith("test_removed", [3]), /test_removed/);
  define("Square");
  assert.deepEqual(await callWith("test_removed", [3]), [[9]]);
  binding().removeFunction("test_removed");
  assert.throws(() => binding().removeFunction("test_removed"), /test_removed/);
});

test("errors carry TensorFlow's message and leave the graph as it was", () => {
  const graph = builder();
  const x = graph.argument(FLOAT, [2, 3]);
  const refused: [RegExp, () => unknown][] = [
    [/NoSuchOp/, () => graph.add("NoSuchOp", [], [x])],
    [/MatMul "MatMul_1": .*Dimensions must be equal, but are 3 and 2/s, () => graph.add("MatMul", [], [x, x])],
    [/Expected inputs as MatMul takes them but found 1/, () => graph.add("MatMul", [], [x])],
    [/Duplicate node name/, () => graph.graph.addNode("Relu", "Placeholder_0", [], [x, 0])],
    [/number of a node, 0 to 0, but found 9/, () => graph.add("Relu", [], [9])],
    [/Expected an output of Placeholder_0, which has 1, but found output 3/, () => graph.add("Relu", [], [[x, 3]])],
    [/pairs of node and output/, () => graph.graph.addNode("Relu", "r", [], [0])],
    [/Conv2D "Conv2D_1": .*strides/s, () => graph.add("Conv2D", [], [x, x])],
    [
      /type of attribute alpha .* found 99/,
      () => graph.graph.addNode("LeakyRelu", "l", [{ name: "alpha", type: 99, value: 1 }], [0, 0]),
    ],
    [/A number was expected/, () => graph.add("LeakyRelu", [{ name: "alpha", type: 2, value: "x" }], [x])],
    [/expected/, () => graph.graph.addNode("Relu", "r", [], "x" as unknown as number[])],
    [/Reshape "Reshape_2": .*must be rank 1/s, () => graph.add("Reshape", [], [x, graph.int32(7)])],
  ];
  for (const [message, attempt] of refused) assert.throws(attempt, message);
  // The constant of the last case was added; the name of a refused node is free.
  const y = graph.graph.addNode("LeakyRelu", "l", [attr.float("alpha", 0.5)], [x, 0]);
  assert.deepEqual(y, [{ dtype: FLOAT, shape: [2, 3] }]);
  graph.graph.dispose();
  graph.graph.dispose();
  assert.throws(() => graph.add("Relu", [], [x]), /The graph has been disposed of/);
});

test("calls that cannot be made or fail reject with the reason, and the next one runs", async () => {
  const graph = builder();
  const x = graph.argument(INT32, null);
  graph.define("test_fails", [x], [graph.add("Reshape", [], [x, graph.int32(2, 2)])]);
  const before = addon().getNumOfTensors();
  const three = tf.tensor1d([1, 2, 3], "int32");
  await assert.rejects(binding().executeAsync("no_such_function", [], 1), /no_such_function/);
  await assert.rejects(binding().executeAsync("test_fails", [123456789], 1), /id of a tensor but found 123456789/);
  await assert.rejects(binding().executeAsync("test_fails", [], 1), /test_fails/);
  await assert.rejects(binding().executeAsync("test_fails", [idOf(three)], 2), /2/);
  await assert.rejects(
    binding().executeAsync("test_fails", [idOf(three)], 1),
    /Input to reshape is a tensor with 3 values, but the requested shape has 4/,
  );
  three.dispose();
  assert.equal(addon().getNumOfTensors(), before);
  const four = tf.tensor1d([1, 2, 3, 4], "int32");
  assert.deepEqual(take(await binding().executeAsync("test_fails", [idOf(four)], 1)), [[1, 2, 3, 4]]);
  binding().removeFunction("test_fails");
});

for (const lowered of [true, false])
  test(`a loop counts on a variable and heeds another while it runs (lowered: ${lowered})`, async () => {
    const name = `test_loop_${lowered}`;
    const count = new Int32Variable(`${name}/count`, 100);
    const stop = new Int32Variable(`${name}/stop`, 0);
    defineLoop(binding(), name, lowered);
    assert.deepEqual(await callWith(name, [0, 50]), [[50]]);
    assert.equal(count.value, 150);
    const call = callWith(name, [0, 2 ** 31 - 1]);
    while (count.value < 500) await new Promise(setImmediate);
    stop.value = 1;
    const [[turns]] = (await call) as [[number]];
    assert.equal(count.value, 150 + turns);
    assert.deepEqual(await callWith(name, [0, 50]), [[0]]);
    for (const part of ["", "_condition", "_body"]) binding().removeFunction(name + part);
    count.dispose();
    stop.dispose();
  });

test("the event loop turns during a call, and calls run side by side", async () => {
  const count = new Int32Variable("test_side/count", 0);
  const stop = new Int32Variable("test_side/stop", 0);
  defineLoop(binding(), "test_side");
  let running = 2;
  const calls = [callWith("test_side", [0, 2 ** 31 - 1]), callWith("test_side", [7, 2 ** 31 - 1])];
  for (const call of calls) void call.then(() => running--);
  for (let turns = 0; turns < 50 || count.value < 1000; turns++) await new Promise(setImmediate);
  assert.equal(running, 2);
  stop.value = 1;
  await Promise.all(calls);
  for (const part of ["", "_condition", "_body"]) binding().removeFunction(`test_side${part}`);
  count.dispose();
  stop.dispose();
});

test("memory and tfjs's table stay as they were over calls, functions and graphs", async () => {
  const name = "test_memory";
  // Assigned from tensors in JavaScript's memory, which the loop's first turn lets go of on a thread of TensorFlow's.
  const count = new Int32Variable(`${name}/count`, 0);
  const stop = new Int32Variable(`${name}/stop`, 0);
  const round = async () => {
    defineLoop(binding(), name);
    for (let i = 0; i < 50; i++) {
      count.value = i;
      await callWith(name, [0, 2]);
      assert.equal(count.value, i + 2);
    }
    for (const part of ["", "_condition", "_body"]) binding().removeFunction(name + part);
  };
  for (let i = 0; i < 10; i++) await round();
  const tensors = addon().getNumOfTensors();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 40; i++) await round();
  assert.equal(addon().getNumOfTensors(), tensors);
  const growth = (process.memoryUsage().rss - before) / 2 ** 20;
  assert.ok(growth < 30, `${growth.toFixed(1)} MiB more after 2000 calls of 40 functions`);
  count.dispose();
  stop.dispose();
});

test("XLA compiles a function", async () => {
  const graph = builder();
  const x = graph.argument(FLOAT, [3]);
  const y = graph.add("Softmax", [], [x]);
  graph.graph.defineFunction("test_xla", [x, 0], [y, 0], [], { xla: true });
  graph.graph.dispose();
  const logits = tf.tensor1d([0, 0, Math.log(2)]);
  const [result] = take(await binding().executeAsync("test_xla", [idOf(logits)], 1)) as [number[]];
  [0.25, 0.25, 0.5].forEach((expected, i) => assert.ok(Math.abs(result[i]! - expected) < 1e-6));
  binding().removeFunction("test_xla");
});

test("tensorInfo tells the type that tfjs hides, and copyTensor leaves JavaScript's memory", () => {
  const [bytes] = addon().executeOp(
    "Cast",
    [attr.type("SrcT", INT32), attr.type("DstT", 4)],
    [idOf(tf.tensor2d([[1, 2]], [1, 2], "int32"))],
    1,
  );
  assert.deepEqual(binding().tensorInfo(bytes!.id), { dtype: 4, shape: [1, 2] });
  const handle = new GraphBuilder(binding());
  handle.variable("test_info");
  assert.equal(handle.outputs[0]!.dtype, 20);
  handle.graph.dispose();
  assert.throws(() => binding().tensorInfo(-1), /id of a tensor but found -1/);
  const array = Float32Array.of(1, 2);
  const copy = binding().copyTensor(idOf(tf.tensor1d(array)));
  array[0] = 5;
  assert.deepEqual(take([copy]), [[1, 2]]);
  assert.throws(
    () => binding().copyTensor(idOf(tf.tensor1d(["a"], "string"))),
    /Expected a numeric tensor but found type 7/,
  );
});

test("an addon without gradamp's functions is told from one that has them", () => {
  const exports = addon() as unknown as { gradamp?: object };
  const ours = exports.gradamp!;
  try {
    delete exports.gradamp;
    assert.equal(graphBinding(), null);
    assert.match(graphFallback()!, /not built by `gradamp setup`/);
    exports.gradamp = { interface: -1 };
    assert.match(graphFallback()!, /another gradamp's sources/);
  } finally {
    exports.gradamp = ours;
  }
  assert.equal(graphFallback(), null);
});

const child = (program: string) => {
  const folder = join(__dirname, "..");
  return runNode([
    "-e",
    `const support = require(${JSON.stringify(join(folder, "support", "graph-builder.js"))});
    const { graphBinding } = require(${JSON.stringify(join(folder, "..", "src", "tensorflow"))});
    const variables = ["count", "stop"].map((name) => new support.Int32Variable("l/" + name, 0));
    support.defineLoop(graphBinding(), "l");
    ${program}`,
  ]);
};

test("process.exit during a call ends the process at once, with its code", () => {
  const { status, stdout, stderr } = child(`support.callWith("l", [0, 2 ** 31 - 1]);
    const wait = () => (variables[0].value > 0 ? (console.log("turning"), process.exit(3)) : setTimeout(wait, 5));
    wait();`);
  assert.deepEqual({ status, stdout, stderr }, { status: 3, stdout: "turning\n", stderr: "" });
});

test("a program that only waits for a call lives until it is over", () => {
  const { status, stdout } = child(`support.callWith("l", [0, 10000]).then((result) => console.log(result[0][0]));`);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "10000\n" });
});
