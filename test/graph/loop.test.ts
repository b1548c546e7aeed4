/** Loops: many steps in one call, followed, read and stopped while it runs. */
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { setTimeout } from "node:timers/promises";
import { compile, createLoop, type EngineName, type LoopBody, type LoopOptions } from "../../src/graph";
import { graphBinding, planningForGpu, type Tensor, tf, type Variable } from "../../src/tensorflow";
import { functionsNamed, graphTest as test } from "../support/graph-test";
import { assertAllSameBits, valuesOf } from "../support/same-bits";
import { symmetric } from "../support/deterministic";

const ENGINES: readonly EngineName[] = graphBinding() ? ["graph", "eager"] : ["eager"];
/** A test of what both engines promise. */
function onBoth(name: string, body: (engine: EngineName) => Promise<void>): void {
  for (const engine of ENGINES) void nodeTest(`${engine}: ${name}`, () => body(engine));
}

/** The same compiled as for a processor and as for a card, where a step begins before the host knows of the one before. */
function alsoAsOnCard(name: string, body: () => Promise<void>): void {
  test(name, body);
  test(`as on a card: ${name}`, () => planningForGpu(body));
}

const scalarVariable = (value: number) => tf.tidy(() => tf.variable(tf.scalar(value)));
const numberIn = (variable: Variable) => variable.dataSync()[0]!;
const matrix = (size: number) => tf.tensor2d(symmetric(`matrix ${size}`, size * size, 0.05), [size, size]);

/** A loop that multiplies matrices and keeps three variables that belong together. */
function slowLoop(options: LoopOptions & { size?: number; products?: number; engine?: EngineName } = {}) {
  const { size = 300, products = 10, engine = "graph", ...rest } = options;
  const [count, square, state] = [
    scalarVariable(0),
    scalarVariable(0),
    tf.tidy(() => tf.variable(matrix(size))),
  ] as const;
  const body: LoopBody = (index, x) => {
    count.assign(count.add(1));
    // (n + 1)² from n²: right only where both variables are of the same step.
    square.assign(square.add(count.mul(2)).sub(1));
    let product: Tensor = state;
    for (let times = 0; times < products; times++) product = tf.tanh(tf.matMul(product, x!));
    state.assign(tf.add(tf.mul(state, 0.5), tf.mul(product, tf.cast(index, "float32").add(1))) as never);
  };
  const loop = createLoop(body, { readable: [count, square], ...rest, engine });
  const variables = [count, square, state];
  const dispose = () => {
    loop.dispose();
    tf.dispose(variables);
  };
  return { loop, count, square, state, variables, dispose };
}

onBoth("every step gets its index and the inputs, and is done once", async (engine) => {
  const before = tf.memory().numTensors;
  const seen = tf.tidy(() => tf.variable(tf.zeros([6])));
  const loop = createLoop((index, x) => seen.assign(seen.add(tf.oneHot(index, 6).cast("float32").mul(x!)) as never), {
    engine,
  });
  const [x, other] = [tf.scalar(1), tf.scalar(10)];
  assert.equal(loop.engine, engine);
  assert.equal(await loop.run({ first: 0, last: 4, inputs: [x] }), 4);
  assert.equal(await loop.run({ first: 3, last: 6, inputs: [other] }), 3);
  assert.equal(await loop.run({ first: 6, last: 6, inputs: [x] }), 0);
  assert.equal(await loop.run({ first: 0, last: 6, inputs: [x], shouldStop: () => true }), 0);
  assert.deepEqual([...seen.dataSync()], [1, 1, 1, 11, 10, 10]);
  loop.dispose();
  tf.dispose([seen, x, other]);
  assert.equal(tf.memory().numTensors, before);
});

onBoth("progress only grows and ends with what was done", async (engine) => {
  const { loop, dispose } = slowLoop({ engine, size: 200 });
  const x = matrix(200);
  const told: number[] = [];
  const done = await loop.run({ first: 5, last: 45, inputs: [x], onStep: (steps) => told.push(steps) });
  assert.equal(done, 40);
  assert.equal(told.at(-1), 40);
  assert.ok(
    told.every((steps, at) => steps > (told[at - 1] ?? 0)),
    `${told}`,
  );
  dispose();
  x.dispose();
});

onBoth("loops draw on the device, anew in each step and as the seed says", async (engine) => {
  const drawn = async (seed: number | null) => {
    const seen = tf.tidy(() => tf.variable(tf.zeros([4])));
    const loop = createLoop(
      (index) => seen.assign(seen.add(tf.oneHot(index, 4).cast("float32").mul(tf.randomUniform([]))) as never),
      { engine, ...(seed === null ? {} : { seed }) },
    );
    await loop.run({ first: 0, last: 2, inputs: [] });
    await loop.run({ first: 2, last: 4, inputs: [] });
    const values = [...seen.dataSync()];
    loop.dispose();
    seen.dispose();
    return values;
  };
  const first = await drawn(null);
  assert.equal(new Set(first).size, 4);
  assert.deepEqual(await drawn(0), first);
  assert.notDeepEqual(await drawn(1), first);
});

onBoth("whoever throws in onStep or shouldStop ends the call at a step boundary", async (engine) => {
  for (const callback of ["onStep", "shouldStop"] as const) {
    const { loop, count, square, dispose } = slowLoop({ engine, size: 200 });
    const x = matrix(200);
    const before = tf.memory().numTensors;
    let asked = 0;
    const call = { first: 0, last: 5000, inputs: [x] };
    const thrower = () => {
      if (asked++ > 0) throw new Error("mine");
      return false;
    };
    await assert.rejects(loop.run({ ...call, [callback]: thrower }), /^Error: mine$/);
    const done = numberIn(count);
    assert.ok(done < 5000, `${done}`);
    assert.equal(numberIn(square), done ** 2);
    // Nothing goes on behind one's back, and the loop is as good as new.
    await setTimeout(30);
    assert.equal(numberIn(count), done);
    assert.equal(await loop.run({ ...call, last: 2 }), 2);
    assert.equal(tf.memory().numTensors, before);
    dispose();
    x.dispose();
  }
});

onBoth("a loop that is gone says so; what runs when it goes ends at a step boundary", async (engine) => {
  const { loop, count, square, dispose } = slowLoop({ engine, size: 200, name: "going" });
  const x = matrix(200);
  const call = { first: 0, last: 5000, inputs: [x] };
  const [running, waiting] = [loop.run({ ...call, onStep: () => loop.dispose() }), loop.run(call)];
  const done = await running;
  assert.ok(done > 0 && done < 5000, `${done} steps done`);
  assert.deepEqual([numberIn(count), numberIn(square), await waiting], [done, done ** 2, 0]);
  await assert.rejects(loop.run(call), /going .*has been disposed of: make it anew/);
  if (engine === "graph") assert.equal(functionsNamed("going"), 0);
  dispose();
  x.dispose();
});

onBoth("what it was not told to keep readable is refused", async (engine) => {
  const other = scalarVariable(0);
  const { loop, dispose } = slowLoop({ engine });
  assert.throws(() => loop.read(other), {
    name: "RangeError",
    message: new RegExp(`variable ${other.name}: name it in`),
  });
  dispose();
  other.dispose();
});

test("a call is one function call, however many steps it has", async () => {
  const { loop, count, dispose } = slowLoop({ size: 20, name: "whole" });
  const x = matrix(20);
  const binding = graphBinding()!;
  const { executeAsync } = binding;
  const calls: string[] = [];
  binding.executeAsync = (...call) => {
    calls.push(call[0]);
    return executeAsync(...call);
  };
  try {
    assert.equal(await loop.run({ first: 0, last: 1000, inputs: [x] }), 1000);
  } finally {
    binding.executeAsync = executeAsync;
  }
  assert.equal(calls.length, 1);
  assert.match(calls[0]!, /^gradamp_whole_\d+$/);
  assert.equal(numberIn(count), 1000);
  assert.deepEqual(["whole", "whole_body", "whole_condition"].map(functionsNamed), [1, 1, 1]);
  dispose();
  x.dispose();
  assert.deepEqual(["whole", "whole_body", "whole_condition"].map(functionsNamed), [0, 0, 0]);
});

alsoAsOnCard("it is stopped at the next step boundary, every variable as after exactly that many steps", async () => {
  const x = matrix(300);
  const stopped = slowLoop();
  let asked = 0;
  let seen = 0;
  const done = await stopped.loop.run({
    ...{ first: 0, last: 100_000, inputs: [x] },
    onStep: (steps) => (seen = steps),
    shouldStop: () => seen >= 5 && (asked ||= seen) > 0,
  });
  assert.ok(asked >= 5 && done >= asked && done < 100_000, `asked at ${asked}, ended at ${done}`);
  const straight = slowLoop();
  assert.equal(await straight.loop.run({ first: 0, last: done, inputs: [x] }), done);
  assertAllSameBits(valuesOf(stopped.variables), valuesOf(straight.variables), "variable");
  assert.equal(numberIn(stopped.square), done ** 2);
  // And goes on as if nothing had been.
  await stopped.loop.run({ first: done, last: done + 3, inputs: [x] });
  await straight.loop.run({ first: done, last: done + 3, inputs: [x] });
  assertAllSameBits(valuesOf(stopped.variables), valuesOf(straight.variables), "variable");
  stopped.dispose();
  straight.dispose();
  x.dispose();
});

test("a step in the middle of which it is asked to stop is finished, and is the last", async () => {
  const x = matrix(600);
  const { loop, count, dispose } = slowLoop({ size: 600, products: 40 });
  await loop.run({ first: 0, last: 1, inputs: [x] });
  const start = performance.now();
  await loop.run({ first: 1, last: 3, inputs: [x] });
  const step = (performance.now() - start) / 2;
  let stop = false;
  const run = loop.run({ first: 0, last: 1000, inputs: [x], shouldStop: () => stop });
  await setTimeout(2.5 * step);
  stop = true;
  const done = await run;
  // It was in its third step or thereabouts on a machine that others use, too.
  assert.ok(done >= 1 && done <= 12, `${done} steps done`);
  assert.equal(numberIn(count), 3 + done);
  dispose();
  x.dispose();
});

alsoAsOnCard("variables are read while it runs, each as after a whole step", async () => {
  const { loop, count, square, dispose } = slowLoop();
  const x = matrix(300);
  assert.deepEqual([...loop.read(count)], [0]);
  const read: number[] = [];
  let running = true;
  const run = loop.run({ first: 0, last: 150, inputs: [x] }).finally(() => (running = false));
  while (running) {
    // The second is read later, but its step may be the one whose end is just being written down.
    const [[first], [second]] = [loop.read(count), loop.read(square)];
    assert.ok(Number.isInteger(Math.sqrt(second!)) && Math.sqrt(second!) >= first! - 1, `${first} and ${second}`);
    read.push(first!);
    await setTimeout(1);
  }
  await run;
  assert.ok(
    read.every((value, at) => value >= (read[at - 1] ?? 0)),
    `${read}`,
  );
  assert.ok(new Set(read).size > 3, `${read}`);
  assert.deepEqual([...loop.read(count), ...loop.read(square)], [150, 150 ** 2]);
  // JavaScript's own variable is stale while it runs, whole afterwards.
  assert.equal(numberIn(count), 150);
  dispose();
  x.dispose();
});

test("the event loop answers during long steps", async () => {
  const x = matrix(700);
  const { loop, dispose } = slowLoop({ size: 700, products: 60 });
  await loop.run({ first: 0, last: 1, inputs: [x] });
  let worst = 0;
  let latest = performance.now();
  const ticker = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - latest);
    latest = now;
  }, 2);
  const start = performance.now();
  await loop.run({ first: 0, last: 3, inputs: [x] });
  const step = (performance.now() - start) / 3;
  clearInterval(ticker);
  assert.ok(worst < step / 2, `worst gap ${worst.toFixed(0)} ms, a step ${step.toFixed(0)} ms`);
  dispose();
  x.dispose();
});

test("two loops at once are queued: each finds what the one before left", async () => {
  const value = scalarVariable(1);
  const add = createLoop(() => value.assign(value.add(1) as never));
  const double = createLoop(() => value.assign(value.mul(2) as never));
  const results = await Promise.all([
    add.run({ first: 0, last: 3, inputs: [] }),
    double.run({ first: 0, last: 4, inputs: [] }),
    add.run({ first: 0, last: 1, inputs: [] }),
  ]);
  assert.deepEqual([...results, numberIn(value)], [3, 4, 1, (1 + 3) * 16 + 1]);
  add.dispose();
  double.dispose();
  value.dispose();
});

alsoAsOnCard("a failing call leaves all variables as they were, and the queue goes on", async () => {
  const { loop, count, dispose } = slowLoop({ size: 20 });
  const table = tf.tensor1d([1, 2, 3]);
  const failing = createLoop((index) => {
    count.assign(count.add(100));
    count.assign(count.add(tf.gather(table, index)) as never);
  });
  const x = matrix(20);
  const before = tf.memory().numTensors;
  const [bad, good] = [failing.run({ first: 0, last: 10, inputs: [] }), loop.run({ first: 0, last: 2, inputs: [x] })];
  await assert.rejects(bad, /indices = 3 is not in \[0, 3\)/);
  assert.deepEqual([await good, numberIn(count)], [2, 2]);
  assert.equal(tf.memory().numTensors, before);
  failing.dispose();
  dispose();
  tf.dispose([x, table]);
});

test("whoever assigns a variable that a running call writes is told; what was assigned stays", async () => {
  const { loop, count, dispose } = slowLoop();
  const x = matrix(300);
  await loop.run({ first: 0, last: 1, inputs: [x] });
  const before = tf.memory().numTensors;
  let assigned = false;
  const run = loop.run({
    ...{ first: 0, last: 60, inputs: [x] },
    onStep() {
      if (!assigned) tf.tidy(() => count.assign(tf.scalar(-1)));
      assigned = true;
    },
  });
  await assert.rejects(run, new RegExp(`nobody to assign or dispose of variable ${count.name} while`));
  assert.equal(numberIn(count), -1);
  assert.equal(tf.memory().numTensors, before);
  dispose();
  x.dispose();
});

test("another step is traced and run while a loop runs, and may read what the loop writes", async () => {
  const { loop, count, dispose } = slowLoop();
  const x = matrix(300);
  const seen: number[] = [];
  const run = loop.run({
    ...{ first: 0, last: 60, inputs: [x] },
    onStep() {
      if (seen.length > 0) return;
      const step = compile((value: Tensor) => tf.add(value, count));
      const sum = step(tf.scalar(0.5));
      seen.push(sum.dataSync()[0]!);
      step.dispose();
    },
  });
  assert.equal(await run, 60);
  // As it was before the call: its variables change when it is over.
  assert.deepEqual(seen, [0.5]);
  assert.equal(numberIn(count), 60);
  dispose();
  x.dispose();
});

test("ten thousand steps leave memory flat", async () => {
  const { loop, count, dispose } = slowLoop({ size: 16, products: 2 });
  const x = matrix(16);
  const memory = async (steps: number) => {
    await loop.run({ first: 0, last: steps, inputs: [x] });
    return { tensors: tf.memory().numTensors, megabytes: process.memoryUsage().rss / 1e6 };
  };
  const before = await memory(2000);
  const after = await memory(10_000);
  assert.equal(numberIn(count), 12_000);
  assert.equal(after.tensors, before.tensors);
  assert.ok(after.megabytes < before.megabytes + 30, `${before.megabytes} to ${after.megabytes} MB`);
  dispose();
  x.dispose();
});

test("what makes no sense is refused with the value and the remedy, and leaves nothing", async () => {
  const body = () => undefined;
  const before = tf.memory().numTensors;
  const rows: [options: object, name: string, message: RegExp][] = [
    [{ engine: "fast" }, "RangeError", /engine to be "graph" or "eager" but found "fast"/],
    [{ precision: "float16" }, "RangeError", /precision to be "float32", "tf32" or "bfloat16" but found "float16"/],
    [{ engine: "eager", precision: "bfloat16" }, "RangeError", /precision "float32" where steps run op by op but found "bfloat16": leave engine: "eager" out/], // prettier-ignore
    [{ cacheSize: 1.5 }, "RangeError", /cacheSize to be a whole number above 0 but found 1\.5/],
    [{ seed: NaN }, "RangeError", /seed to be an integer but found NaN/],
  ];
  for (const [options, name, message] of rows) assert.throws(() => createLoop(body, options), { name, message });
  assert.throws(() => createLoop(3 as never), { name: "TypeError", message: /step to be a function but found number/ });
  const flags = tf.tidy(() => tf.variable(tf.tensor1d([true, false], "bool"), false, "flags"));
  assert.throws(() => createLoop(body, { readable: [flags] }), { name: "TypeError", message: /flags is bool/ });
  flags.dispose();
  const loop = createLoop(body);
  await assert.rejects(
    loop.run({ first: 0, last: 1, inputs: [3 as never] }),
    /inputs of loop to be tensors but input 0 is number 3/,
  );
  loop.dispose();
  assert.equal(tf.memory().numTensors, before);
});
