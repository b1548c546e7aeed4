/** What cannot be traced is refused with the op and the remedy, and leaves everything as it was. */
import assert from "node:assert/strict";
import { after } from "node:test";
import { compile, createLoop, type Output } from "../../src/graph";
import { type Tensor, type Tensor1D, tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";

const outer = tf.variable(tf.scalar(5), true, "outer");
const strings = tf.tensor1d(["a", "b", "c"]);
const inner = compile((x: Tensor) => x.add(1));
after(() => {
  inner.dispose();
  tf.dispose([outer, strings]);
});
const ignore = () => undefined;

const REFUSED: [what: string, step: (x: Tensor) => unknown, error: RegExp][] = [
  [
    "dataSync",
    (x) => tf.scalar(x.sum().dataSync()[0]!),
    /result of op Sum, of shape \[\], is read.*return the tensor.*tf\.where/s,
  ],
  ["a branch on a value", (x) => (x.max().dataSync()[0]! > 1 ? x : x.neg()), /op Max, .*tf\.where instead of an if/s],
  ["dataSync of an input", (x) => x.dataSync() && x, /an input or a variable, of shape \[3\], is read/],
  ["dataSync of a variable", (x) => x.mul(outer.dataSync()[0]!), /an input or a variable, of shape \[\], is read/],
  ["data", (x) => (void x.exp().data().then(ignore, ignore), x), /op Exp, of shape \[3\], is read/],
  ["array", (x) => (void x.exp().array().then(ignore, ignore), x), /op Exp, of shape \[3\], is read/],
  ["print", (x) => (x.exp().print(), x), /op Exp, of shape \[3\], is read.*print/],
  ["Math.random", (x) => x.exp().mul(Math.random()), /Math\.random is called after op Exp.*use tf\.randomUniform/],
  [
    "tf.rand",
    (x) => x.add(tf.rand([3], () => 0.5)),
    /draw with tf\.randomUniform or tf\.randomNormal but found tf\.rand/,
  ],
  ["tf.randomGamma", (x) => x.add(tf.randomGamma([3], 1)), /found tf\.randomGamma/],
  ["booleanMask", (x) => (void tf.booleanMaskAsync(x, x.greater(1).cast("bool")).then(ignore, ignore), x), /op (Greater|Reshape|Cast), of shape \[3\], is read/], // prettier-ignore
  [
    "whereAsync",
    (x) => (void tf.whereAsync(x.greater(1)).then(ignore, ignore), x),
    /op Greater, of shape \[3\], is read/,
  ],
  [
    "unique",
    (x) => tf.unique(x as Tensor1D).values,
    /shapes of a traced step.*op UniqueV2 gives \[\?\].*keep such ops out/s,
  ],
  [
    "nonMaxSuppression",
    (x) => tf.image.nonMaxSuppression(tf.zeros([3, 4]), x as Tensor1D, 2),
    /op NonMaxSuppressionV3 gives/,
  ],
  [
    "strings",
    (x) => tf.equal(strings, tf.tensor1d(["a", "x", "c"])).logicalAnd(x.greater(0)),
    /makes one of strings.*make it outside/,
  ],
  [
    "disposing of a variable",
    (x) => (outer.dispose(), x),
    /leave variables alone but it disposes of variable outer: do so outside/,
  ],
  ["disposing of all variables", (x) => (tf.disposeVariables(), x), /leave variables alone/],
  ["a number", (x) => x.size, /found number 3, which would be frozen: return a tensor/],
  ["a class", (x) => new Map([["x", x]]), /found an instance of Map/],
  ["an async step", async (x) => x.add(1), /found a promise: a step is over when it returns/],
  [
    "another step's async",
    (x) => (void inner.async(x).catch(ignore), x),
    /calls another step's async: call the compiled step without async/,
  ],
  ["a loop", (x) => { const loop = createLoop(ignore); void loop.run({ first: 0, last: 1, inputs: [] }).catch(ignore); loop.dispose(); return x; }, /calls a loop/], // prettier-ignore
  ["what the step swallows", (x) => { try { x.dataSync(); } catch { return x.neg(); } return x; }, /is read/], // prettier-ignore
  ["reading inside a gradient", (x) => tf.variableGrads(() => { const y = x.mul(outer).square().sum(); y.dataSync(); return y as never; }).value, /op Sum, of shape \[\], is read/], // prettier-ignore
  ["reading inside a second gradient", (x) => tf.grad((z) => tf.grad((w) => { const y = w.mul(w).tanh(); y.dataSync(); return y; })(z))(x), /op Tanh/], // prettier-ignore
  [
    "new variables in each call",
    (x) => tf.variable(x).mul(2),
    /make its variables once but it makes 1 new ones in each call/,
  ],
  ["the step's own mistake", () => { throw new Error("mine"); }, /^Error: mine$/], // prettier-ignore
  ["shapes that do not fit", (x) => x.add(tf.zeros([2])), /shape|broadcast/i],
];

/** Everything that a failed trace could have left behind. */
function world() {
  const engine = tf.engine() as unknown as { state: { gradientDepth: number; kernelDepth: number } } & object;
  const backend = tf.backend() as unknown as { binding: object } & object;
  const own = (object: object) => Object.getOwnPropertyNames(object).filter((name) => name !== "pendingBackendInit");
  return {
    tensors: tf.memory().numTensors,
    engine: own(engine).join(),
    depths: [engine.state.gradientDepth, engine.state.kernelDepth],
    backend: own(backend).join(),
    binding: backend.binding,
    random: Math.random,
    outer: outer.dataSync()[0],
    variables: Object.keys(tf.engine().registeredVariables).length,
  };
}

for (const [what, step, message] of REFUSED) {
  test(`${what}: refused, and all is as before`, async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const compiled = compile(step as (x: Tensor) => Output);
    const before = world();
    // tfjs says on its own that a tidy returned a promise.
    const { error } = console;
    console.error = ignore;
    try {
      for (let twice = 0; twice < 2; twice++) assert.throws(() => compiled(x), message);
      await assert.rejects(compiled.async(x), message);
    } finally {
      console.error = error;
    }
    const made = what === "new variables in each call" ? 3 : 0;
    const now = world();
    assert.deepEqual(now, { ...before, tensors: before.tensors + made, variables: before.variables + made });
    const sum = x.square().sum();
    assert.equal(sum.dataSync()[0], 14);
    tf.dispose([x, sum]);
    compiled.dispose();
  });
}

test("an optimizer whose first step is refused goes on op by op", () => {
  const before = tf.memory().numTensors;
  const weights = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
  const optimizer = tf.train.adam(0.1);
  const cost = () => weights.square().sum() as never;
  const compiled = compile(() => {
    const loss = optimizer.minimize(cost, true)!;
    loss.print();
    return loss;
  });
  assert.throws(() => compiled(), { name: "TraceError" });
  assert.deepEqual([...weights.dataSync()], [1, 2]);
  optimizer.minimize(cost);
  const found = [...weights.dataSync()];
  tf.tidy(() => weights.assign(tf.tensor1d([1, 2])));
  const fresh = tf.train.adam(0.1);
  fresh.minimize(cost);
  assert.deepEqual(found, [...weights.dataSync()]);
  compiled.dispose();
  optimizer.dispose();
  fresh.dispose();
  weights.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("a recurrent layer that carries its state in JavaScript is refused; dropout masks that it keeps are not", () => {
  const x = tf.ones([2, 3, 4]);
  const stateful = tf.sequential({
    layers: [tf.layers.lstm({ units: 2, stateful: true, batchInputShape: [2, 3, 4] })],
  });
  const forward = compile((input: Tensor) => stateful.apply(input, { training: true }) as Tensor);
  assert.throws(() => forward(x), { name: "TraceError", message: /kept in an earlier one.*stateful: true/ });
  forward.dispose();
  const masks = tf.sequential({ layers: [tf.layers.lstm({ units: 2, dropout: 0.5, inputShape: [3, 4] })] });
  const dropping = compile((input: Tensor) => masks.apply(input, { training: true }) as Tensor);
  const before = tf.memory().numTensors;
  const [first, second] = [dropping(x), dropping(x)];
  assert.notDeepEqual(first.dataSync(), second.dataSync());
  tf.dispose([first, second]);
  // The draws' own variable was there before; nothing of the masks is left.
  assert.equal(tf.memory().numTensors, before);
  const eager = masks.predict(x) as Tensor;
  assert.deepEqual(eager.shape, [2, 2]);
  tf.dispose([eager, x]);
  dropping.dispose();
  stateful.dispose();
  masks.dispose();
});

test("a step that does something else in its first call is refused, whichever variable it is about", () => {
  const x = tf.scalar(1);
  let sum: ReturnType<typeof tf.variable> | null = null;
  const adding = compile((value: Tensor) => {
    if (sum) sum.assign(sum.add(value));
    else sum = tf.variable(value);
  });
  assert.throws(() => adding(x), {
    name: "TraceError",
    message: /only after its first call: give variables their first values/,
  });
  const total = tf.variable(tf.scalar(0), false, "total");
  let slot: ReturnType<typeof tf.variable> | null = null;
  const once = compile((value: Tensor) => {
    if (!slot) total.assign(value as never);
    slot ??= tf.variable(value);
    slot.assign(slot.add(1) as never);
  });
  assert.throws(() => once(x), { name: "TraceError", message: /variable total only in its first call/ });
  assert.equal(total.dataSync()[0], 0);
  adding.dispose();
  once.dispose();
  tf.dispose([x, sum!, slot!, total]);
});

test("a tensor that leaves the step by the back door is disposed of, not wrong", () => {
  let kept = null as Tensor | null;
  const x = tf.scalar(1);
  const compiled = compile((value: Tensor) => {
    kept = tf.keep(value.add(1));
    return value.mul(2);
  });
  compiled(x).dispose();
  assert.throws(() => kept!.dataSync(), /disposed/);
  compiled.dispose();
  x.dispose();
});
