/** What `compile` promises, op by op or as one function. */
import assert from "node:assert/strict";
import { compile } from "../../src/graph";
import { type Scalar, type Tensor, tf, type Variable } from "../../src/tensorflow";
import { countOps } from "../support/count-ops";
import { functionsNamed, graphTest as test } from "../support/graph-test";

const numbers = (tensor: Tensor) => {
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
};
const scalarVariable = (value: number) => tf.tidy(() => tf.variable(tf.scalar(value)));
/** Keeps TensorFlow busy for a while: thirty products of matrices. */
const slowly = (matrix: Tensor) => {
  let product = matrix;
  for (let times = 0; times < 30; times++) product = tf.tanh(tf.matMul(product, matrix));
  return product.mean();
};

test("a step is one call of TensorFlow, whatever it does", () => {
  const weight = scalarVariable(0);
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, grads } = tf.variableGrads(() => x.mul(weight).sub(y).square().mean(), [weight]);
    weight.assign(weight.sub(grads[weight.name]!.mul(0.1)));
    return value;
  });
  const [x, y] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([2, 4, 6])];
  step(x, y).dispose();
  const { ops, total, uploads } = countOps(() => step(x, y).dispose());
  assert.equal(total, 1, JSON.stringify(ops));
  assert.match(Object.keys(ops)[0]!, /^gradamp_step_\d+$/);
  assert.equal(uploads, 0);
  for (let again = 0; again < 50; again++) step(x, y).dispose();
  assert.ok(Math.abs(weight.dataSync()[0]! - 2) < 1e-5);
  assert.equal(step.traces, 1);
  step.dispose();
  tf.dispose([x, y, weight]);
});

test("variables that others assign between calls are seen", () => {
  const weight = scalarVariable(1);
  const step = compile((x: Tensor) => weight.mul(x));
  const x = tf.scalar(3);
  assert.deepEqual(numbers(step(x)), [3]);
  tf.tidy(() => weight.assign(tf.scalar(5)));
  assert.deepEqual(numbers(step(x)), [15]);
  assert.equal(step.traces, 1);
  step.dispose();
  tf.dispose([x, weight]);
});

test("new shapes and types are traced anew; of too many the one used longest ago goes", () => {
  const shapes: number[][] = [];
  const step = compile((x: Tensor) => (shapes.push(x.shape), x.add(x)), { cacheSize: 2, name: "cached" });
  const call = (length: number) => {
    const x = tf.ones([length]);
    assert.deepEqual(numbers(step(x)), Array(length).fill(2));
    x.dispose();
  };
  for (const length of [1, 2, 1, 1, 3, 1]) call(length);
  // 3 drove out 2, which was used before 1.
  assert.deepEqual(shapes, [[1], [2], [3]]);
  assert.equal(functionsNamed("cached"), 2);
  call(2);
  assert.deepEqual([step.traces, functionsNamed("cached")], [4, 2]);
  const whole = tf.ones([2], "int32");
  const sum = step(whole);
  assert.equal(sum.dtype, "int32");
  assert.equal(step.traces, 5);
  tf.dispose([whole, sum]);
  step.dispose();
  assert.equal(functionsNamed("cached"), 0);
});

test("outputs come back in their places; what is returned twice is two tensors", () => {
  const weight = scalarVariable(4);
  const step = compile((x: Tensor) => {
    const twice = x.mul(2);
    weight.assign(weight.add(1));
    return { pair: [twice, twice], nested: { input: x, none: null, weight: weight as Tensor }, nothing: undefined };
  });
  const x = tf.scalar(3);
  const { pair, nested, nothing } = step(x);
  assert.notEqual(pair[0], pair[1]);
  pair[0]!.dispose();
  assert.equal(pair[1]!.dataSync()[0], 6);
  // An input comes back as a tensor of its own; a variable as what it holds after the step.
  nested.input.dispose();
  assert.equal(x.dataSync()[0], 3);
  assert.ok(!(nested.weight instanceof tf.Variable));
  assert.deepEqual([nested.weight.dataSync()[0], nested.none, nothing], [5, null, undefined]);
  tf.dispose([pair[1]!, nested.weight, x, weight]);
  step.dispose();
});

test("tidies take the outputs in; nothing else is left of a call, of a step or of what it failed at", async () => {
  const before = tf.memory().numTensors;
  const weight = scalarVariable(1);
  const step = compile((x: Tensor) => {
    weight.assign(weight.mul(2));
    return [x.mul(weight), x.add(1)];
  });
  const x = tf.tensor1d([1, 2]);
  tf.tidy(() => void step(x));
  const inUse = tf.memory().numTensors;
  for (let again = 0; again < 5; again++) tf.tidy(() => void step(x));
  for (let again = 0; again < 5; again++) tf.dispose(await step.async(x));
  assert.equal(tf.memory().numTensors, inUse);
  assert.equal(weight.dataSync()[0], 2 ** 11);
  step.dispose();
  step.dispose();
  tf.dispose([x, weight]);
  assert.equal(tf.memory().numTensors, before);
});

test("inside another step it is part of that one, with its own variables and draws", () => {
  const count = scalarVariable(0);
  const counting = compile((x: Tensor) => {
    count.assign(count.add(1));
    return x.add(count);
  });
  const outer = compile((x: Tensor) => counting(counting(x).mul(10)));
  const x = tf.scalar(1);
  outer(x).dispose();
  const { total } = countOps(() => assert.deepEqual(numbers(outer(x)), [(1 + 3) * 10 + 4]));
  assert.equal(total, 1);
  // Called by itself it goes on with the same variable.
  assert.deepEqual(numbers(counting(x)), [6]);
  outer.dispose();
  counting.dispose();
  tf.dispose([x, count]);
});

test("inside a function whose gradient is taken it is the function, and the gradient is right", () => {
  const weight = scalarVariable(3);
  const step = compile((x: Tensor) => x.square().mul(weight));
  const x = tf.tensor1d([1, 2]);
  step(x).dispose();
  const direct = tf.grad((value) => step(value).add(value).sum())(x);
  assert.deepEqual(numbers(direct), [7, 13]);
  const { value, grads } = tf.variableGrads(() => step(x).sum() as Scalar, [weight]);
  assert.deepEqual([value.dataSync()[0], grads[weight.name]!.dataSync()[0]], [15, 5]);
  const whole = compile((values: Tensor) => tf.grad((each) => step(each).sum())(values));
  assert.deepEqual(numbers(whole(x)), [6, 12]);
  step.dispose();
  whole.dispose();
  tf.dispose([x, value, grads[weight.name]!, weight]);
});

test("tensors from outside are frozen; one that is replaced and disposed of is found anew", () => {
  let scale: Tensor = tf.scalar(2);
  const step = compile((x: Tensor) => x.mul(scale));
  const x = tf.scalar(1);
  assert.deepEqual(numbers(step(x)), [2]);
  scale.dispose();
  scale = tf.scalar(7);
  assert.deepEqual([numbers(step(x)), numbers(step(x)), step.traces], [[7], [7], 2]);
  scale.dispose();
  // As op by op, tfjs's own words.
  assert.throws(() => step(x));
  scale = tf.scalar(9);
  assert.deepEqual(numbers(step(x)), [9]);
  step.dispose();
  tf.dispose([x, scale]);
});

test("a variable that is disposed of and made again is found anew", () => {
  let weight = scalarVariable(2);
  const step = compile((x: Tensor) => weight.assign(weight.add(x) as never));
  const x = tf.scalar(1);
  step(x);
  weight.dispose();
  weight = scalarVariable(10);
  step(x);
  assert.deepEqual([weight.dataSync()[0], step.traces], [11, 2]);
  step.dispose();
  tf.dispose([x, weight]);
});

test("a call that fails leaves every variable as it was", async () => {
  const count = scalarVariable(0);
  const table = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
  const step = compile((index: Tensor) => {
    count.assign(count.add(1));
    const found = tf.gather(table, index);
    table.assign(table.mul(2));
    return found;
  });
  const [good, bad] = [tf.tensor1d([1], "int32"), tf.tensor1d([5], "int32")];
  assert.deepEqual(numbers(step(good)), [2]);
  const before = tf.memory().numTensors;
  assert.throws(() => step(bad), /indices\[0\] = 5 is not in \[0, 3\)/);
  await assert.rejects(step.async(bad), /indices\[0\] = 5 is not in \[0, 3\)/);
  assert.deepEqual([count.dataSync()[0], [...table.dataSync()]], [1, [2, 4, 6]]);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(numbers(await step.async(good)), [4]);
  step.dispose();
  tf.dispose([good, bad, count, table]);
});

test("async calls follow each other off the event loop", async () => {
  const count = scalarVariable(0);
  const step = compile((matrix: Tensor) => {
    count.assign(count.add(1));
    return [slowly(matrix), count];
  });
  const matrix = tf.randomUniform([400, 400], -0.1, 0.1, "float32", 1);
  tf.dispose(step(matrix));
  let turns = 0;
  const ticker = setInterval(() => turns++, 1);
  const calls = await Promise.all([step.async(matrix), step.async(matrix), step.async(matrix)]);
  clearInterval(ticker);
  assert.deepEqual(calls.map(([, after]) => after!.dataSync()[0]), [2, 3, 4]); // prettier-ignore
  assert.ok(turns > 3, `the event loop turned ${turns} times`);
  assert.equal(new Set(calls.map(([mean]) => mean!.dataSync()[0])).size, 1);
  tf.dispose([calls, matrix, count]);
  step.dispose();
});

test("whoever assigns a variable that a running call writes is told; what was assigned stays", async () => {
  const count = scalarVariable(0);
  const step = compile((matrix: Tensor) => {
    count.assign(count.add(1));
    return slowly(matrix);
  });
  const matrix = tf.randomUniform([400, 400], -0.1, 0.1, "float32", 1);
  step(matrix).dispose();
  const before = tf.memory().numTensors;
  const call = step.async(matrix);
  await Promise.resolve();
  tf.tidy(() => count.assign(tf.scalar(40)));
  await assert.rejects(call, new RegExp(`assign or dispose of variable ${count.name} while .* await the call first`));
  assert.equal(count.dataSync()[0], 40);
  assert.equal(tf.memory().numTensors, before);
  (await step.async(matrix)).dispose();
  assert.equal(count.dataSync()[0], 41);
  step.dispose();
  tf.dispose([matrix, count]);
});

test("inputs may be disposed of once an async call has begun; disposing of the step waits for it", async () => {
  const step = compile((matrix: Tensor) => slowly(matrix), { name: "closing" });
  const matrix = tf.randomUniform([400, 400], -0.1, 0.1, "float32", 1);
  const [expected] = numbers(step(matrix));
  const call = step.async(matrix);
  await Promise.resolve();
  matrix.dispose();
  step.dispose();
  assert.equal(functionsNamed("closing"), 1);
  const result = await call;
  assert.deepEqual(numbers(result), [expected]);
  assert.equal(functionsNamed("closing"), 0);
});

test("draws differ from call to call, follow from the seed, and go on across shapes", () => {
  const drawing = (seed?: number) =>
    compile((x: Tensor) => tf.randomUniform(x.shape), seed === undefined ? {} : { seed });
  const x = tf.zeros([2]);
  const longer = tf.zeros([3]);
  const [first, again, other] = [drawing(), drawing(0), drawing(1)];
  const sequence = [first(x), first(x), first(longer)].map(numbers);
  assert.equal(new Set(sequence.flat()).size, 7);
  assert.deepEqual([again(x), again(x), again(longer)].map(numbers), sequence);
  assert.notDeepEqual(numbers(other(x)), sequence[0]);
  for (const step of [first, again, other]) step.dispose();
  tf.dispose([x, longer]);
});

test("a step that is gone says so", async () => {
  const x = tf.scalar(1);
  const step = compile((value: Tensor) => value.add(1), { name: "mine" });
  step(x).dispose();
  step.dispose();
  const gone = /mine has been disposed of.*compile it anew/;
  assert.throws(() => step(x), gone);
  await assert.rejects(step.async(x), gone);
  x.dispose();
});

test("what makes no sense is refused with the value and the remedy", () => {
  const step = compile((x: Tensor) => x);
  assert.throws(() => step(3 as never), {
    name: "TypeError",
    message: /input 0 is number 3: wrap it, as in tf\.scalar/,
  });
  assert.throws(() => step(undefined as never), { name: "TypeError", message: /input 0 is undefined/ });
  const gone = tf.scalar(1);
  gone.dispose();
  assert.throws(() => step(gone), /inputs of step to be alive but input 0 is disposed of/);
  step.dispose();
  const rows: [options: object, message: RegExp][] = [
    [{ precision: "float16" }, /precision to be "float32", "tf32" or "bfloat16" but found "float16"/],
    [{ cacheSize: 0 }, /cacheSize to be a whole number above 0 but found 0/],
    [{ seed: 0.5 }, /seed to be an integer but found 0\.5/],
  ];
  const before = tf.memory().numTensors;
  for (const [options, message] of rows)
    assert.throws(() => compile((x: Tensor) => x, options), { name: "RangeError", message });
  assert.throws(() => compile(3 as never), { name: "TypeError", message: /step to be a function but found number/ });
  assert.equal(tf.memory().numTensors, before);
});

test("a step that returns what it may not is refused in a gradient, too", () => {
  const step = compile(((x: Tensor) => x.size) as never) as unknown as (x: Tensor) => Variable;
  assert.throws(() => tf.grad((x) => step(x))(tf.scalar(1)), /found number 1/);
});
