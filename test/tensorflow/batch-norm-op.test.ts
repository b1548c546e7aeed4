/** The addon's own batch norm, against the textbook in double precision. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test as nodeTest } from "node:test";
import { attribute, hasOwnBatchNorm, rawOp, type Tensor, tf } from "../../src/tensorflow";
import { assertSameBits, relativeError } from "../support/same-bits";
import { assertSameEverywhere } from "../support/assert-same-everywhere";
import { symmetric } from "../support/deterministic";

const skip = !hasOwnBatchNorm() && "the addon's batch norm is for CPUs, with native TensorFlow";
const test = (name: string, body: () => void) => nodeTest(name, { skip }, body);

const EPSILON = 1e-3;
const ALPHA = 0.25;
const FACTOR = 0.1;
const ACTIVATIONS = ["none", "ReLU", "leaky ReLU"] as const;

interface Case {
  readonly shape: readonly number[];
  /** Added to all of x: sums of squares lose digits where the mean is large beside the deviation. */
  readonly shift?: number;
}

const CASES: readonly Case[] = [
  { shape: [2, 1] },
  { shape: [7, 3] },
  { shape: [3, 5, 5, 33] },
  { shape: [2, 4, 4, 256] },
  // Channels beyond a period, rows that leave the last block partly filled, many blocks.
  { shape: [11, 3, 1031] },
  { shape: [4000, 17] },
  { shape: [6, 2, 3, 4, 5] },
  { shape: [500, 8], shift: 1000 },
];

/** What goes in: x, gamma, beta, running mean and variance, a side input and a gradient. */
function inputsOf({ shape, shift = 0 }: Case) {
  const size = shape.reduce((product, each) => product * each, 1);
  const channels = shape.at(-1)!;
  const some = (what: string, count: number, bound = 2) => symmetric(`${what} of ${String(shape)}`, count, bound);
  return {
    ...{ shape, size, channels },
    x: some("x", size).map((value) => value + shift),
    gamma: some("gamma", channels),
    beta: some("beta", channels),
    runningMean: some("mean", channels),
    runningVariance: some("variance", channels).map(Math.abs),
    side: some("side", size),
    dy: some("dy", size),
  };
}
type Inputs = ReturnType<typeof inputsOf>;

const activate = (value: number, activation: number) => (value > 0 || activation === 0 ? value : [0, 0, ALPHA * value][activation]!); // prettier-ignore
const slope = (value: number, activation: number) => (value > 0 || activation === 0 ? 1 : [1, 0, ALPHA][activation]!);

/** Mean and variance of each channel. */
function momentsOf({ x, size, channels }: Inputs): { mean: number; variance: number }[] {
  const rows = size / channels;
  return Array.from({ length: channels }, (_, channel) => {
    const values = Array.from({ length: rows }, (_, row) => x[row * channels + channel]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows };
  });
}

function expectedForward(inputs: Inputs, activation: number, withSide: boolean) {
  const { x, size, channels, gamma, beta, side, runningMean, runningVariance } = inputs;
  const rows = size / channels;
  const moments = momentsOf(inputs);
  const y = Array.from(x, (value, at) => {
    const channel = at % channels;
    const { mean, variance } = moments[channel]!;
    const normalised = ((value - mean) / Math.sqrt(variance + EPSILON)) * gamma[channel]! + beta[channel]!;
    return activate(normalised + (withSide ? side[at]! : 0), activation);
  });
  const blend = (old: ArrayLike<number>, now: number[]) => now.map((each, at) => (1 - FACTOR) * old[at]! + FACTOR * each); // prettier-ignore
  return {
    y,
    runningMean: blend(runningMean, moments.map(({ mean }) => mean)), // prettier-ignore
    runningVariance: blend(runningVariance, moments.map(({ variance }) => (variance * rows) / (rows - 1))), // prettier-ignore
  };
}

function expectedBackward(inputs: Inputs, activation: number) {
  const { x, dy, size, channels, gamma, beta } = inputs;
  const rows = size / channels;
  const moments = momentsOf(inputs);
  const inverse = moments.map(({ variance }) => 1 / Math.sqrt(variance + EPSILON));
  const distances = Array.from(x, (value, at) => (value - moments[at % channels]!.mean) * inverse[at % channels]!);
  const gradients = Array.from(dy, (value, at) => {
    const channel = at % channels;
    return value * slope(distances[at]! * gamma[channel]! + beta[channel]!, activation);
  });
  const [dgamma, dbeta] = [0, 1].map(() => new Array<number>(channels).fill(0)) as [number[], number[]];
  gradients.forEach((value, at) => {
    dbeta[at % channels]! += value;
    dgamma[at % channels]! += value * distances[at]!;
  });
  const dx = gradients.map((value, at) => {
    const channel = at % channels;
    return (value - dbeta[channel]! / rows - (distances[at]! * dgamma[channel]!) / rows) * inverse[channel]! * gamma[channel]!; // prettier-ignore
  });
  return { dx, dgamma, dbeta };
}

const common = (activation: number) => ({
  T: attribute.type("float32"),
  activation: attribute.int(activation),
  alpha: attribute.float(ALPHA),
});

/** The op's outputs, in order. */
function forward(inputs: Inputs, activation: number, withSide: boolean): Tensor[] {
  const { shape, x, gamma, beta, runningMean, runningVariance, side } = inputs;
  const attributes = {
    ...common(activation),
    epsilon: attribute.float(EPSILON),
    exponential_avg_factor: attribute.float(FACTOR),
    num_side_inputs: attribute.int(withSide ? 1 : 0),
  };
  const channelwise = [gamma, beta, runningMean, runningVariance].map((values) => tf.tensor1d(values));
  const sides = withSide ? [tf.tensor(side, [...shape])] : [];
  return rawOp("GradampBatchNorm", attributes, [tf.tensor(x, [...shape]), ...channelwise, ...sides], 5);
}

function backward(inputs: Inputs, activation: number, [mean, inverse]: readonly Tensor[]): Tensor[] {
  const { shape, x, gamma, beta, dy } = inputs;
  const [scale, offset] = [gamma, beta].map((values) => tf.tensor1d(values));
  const [gradient, input] = [dy, x].map((values) => tf.tensor(values, [...shape]));
  const all = [gradient!, input!, scale!, mean!, inverse!, scale!, offset!];
  return rawOp("GradampBatchNormGrad", common(activation), all, 3);
}

const valuesOf = (tensor: Tensor | undefined) => tensor!.dataSync() as Float32Array;

for (const each of CASES) {
  test(`[${String(each.shape)}]${each.shift ? ` about ${each.shift}` : ""}: outputs and gradients are the textbook's`, () => {
    const inputs = inputsOf(each);
    // Where values lie about a large mean their own rounding is what is left of them.
    const tolerance = each.shift ? 2e-4 : 3e-6;
    tf.tidy(() => {
      for (const activation of ACTIVATIONS.keys()) {
        for (const withSide of [false, true]) {
          const what = `${ACTIVATIONS[activation]}${withSide ? " of a sum" : ""}`;
          const [y, runningMean, runningVariance] = forward(inputs, activation, withSide);
          const expected = expectedForward(inputs, activation, withSide);
          assert.deepEqual(y!.shape, each.shape);
          assert.ok(relativeError(valuesOf(y), expected.y) < tolerance, what);
          assert.ok(relativeError(valuesOf(runningMean), expected.runningMean) < tolerance, what);
          assert.ok(relativeError(valuesOf(runningVariance), expected.runningVariance) < tolerance, what);
        }
        const [, , , ...moments] = forward(inputs, activation, false);
        const [dx, dgamma, dbeta] = backward(inputs, activation, moments);
        const expected = expectedBackward(inputs, activation);
        assert.deepEqual(dx!.shape, each.shape);
        assert.ok(relativeError(valuesOf(dx), expected.dx) < 10 * tolerance, `dx, ${ACTIVATIONS[activation]}`);
        assert.ok(
          relativeError(valuesOf(dgamma), expected.dgamma) < 10 * tolerance,
          `dgamma, ${ACTIVATIONS[activation]}`,
        );
        assert.ok(relativeError(valuesOf(dbeta), expected.dbeta) < 10 * tolerance, `dbeta, ${ACTIVATIONS[activation]}`);
      }
    });
  });
}

test("a batch of one row is its own mean; of none there is none", () => {
  tf.tidy(() => {
    const one = inputsOf({ shape: [1, 3] });
    const [y, , variance] = forward(one, 0, false).map(valuesOf);
    assertSameBits(y!, one.beta);
    assert.ok(relativeError(variance!, one.runningVariance.map((value) => 0.9 * value)) < 1e-6); // prettier-ignore
    const [empty, mean] = forward(inputsOf({ shape: [0, 3] }), 0, false).map(valuesOf);
    assert.equal(empty!.length, 0);
    assert.ok(mean!.every(Number.isNaN));
    const moments = [tf.zeros([3]), tf.ones([3])];
    const [dx, dgamma, dbeta] = backward(inputsOf({ shape: [0, 3] }), 1, moments).map(valuesOf);
    assert.deepEqual([dx!.length, ...dgamma!, ...dbeta!], [0, 0, 0, 0, 0, 0, 0]);
  });
});

test("what is not finite stays so, in its own channel", () => {
  for (const value of [NaN, Infinity]) {
    const inputs = inputsOf({ shape: [300, 4] });
    inputs.x[402] = value;
    tf.tidy(() => {
      for (const activation of ACTIVATIONS.keys()) {
        const [y, mean, variance, ...moments] = forward(inputs, activation, false);
        const outputs = [y, mean, variance, ...backward(inputs, activation, moments)].map(valuesOf);
        outputs.forEach((values, which) => {
          values.forEach((each, at) => {
            // A ReLU lets no gradient pass where its input is not positive: nothing is known of dbeta and dgamma there.
            if (at % 4 !== 2) assert.ok(Number.isFinite(each), `output ${which} at ${at}`);
            else if (which < 3) assert.ok(!Number.isFinite(each), `output ${which} at ${at} is ${each}`);
          });
        });
      }
    });
  }
});

test("tensors that do not fit are refused", () => {
  const inputs = inputsOf({ shape: [4, 3] });
  const more = new Float32Array(4);
  assert.throws(() => forward({ ...inputs, beta: more }, 0, false), /Expected 3 numbers, one for each channel, as input 2 but found 4/); // prettier-ignore
  const side = tf.tensor2d(inputs.side, [3, 4]);
  const attributes = { ...common(0), num_side_inputs: attribute.int(1) };
  const channelwise = [0, 1, 2, 3].map(() => tf.ones([3]));
  const x = tf.tensor2d(inputs.x, [4, 3]);
  assert.throws(() => rawOp("GradampBatchNorm", attributes, [x, ...channelwise, side], 5), /side input of the input's shape/); // prettier-ignore
  assert.throws(() => forward(inputs, 3, false), /Expected activation 0, 1 or 2/);
  const moments = [tf.zeros([3]), tf.ones([3])];
  assert.throws(() => backward({ ...inputs, dy: new Float32Array(6), shape: [4, 3] }, 0, moments));
  tf.dispose([side, x, ...channelwise, ...moments]);
});

test("the input of a gradient stays what it was where somebody still holds it", () => {
  const inputs = inputsOf({ shape: [64, 8] });
  tf.tidy(() => {
    const [, , , mean, inverse] = forward(inputs, 0, false);
    const [dy, x] = [inputs.dy, inputs.x].map((values) => tf.tensor(values, [64, 8]));
    const [scale, offset] = [inputs.gamma, inputs.beta].map((values) => tf.tensor1d(values));
    rawOp("GradampBatchNormGrad", common(0), [dy!, x!, scale!, mean!, inverse!, scale!, offset!], 3);
    assertSameBits(valuesOf(dy), inputs.dy);
  });
});

test("neither how many threads there are nor how wide its vectors are changes a bit", () => {
  const program = `
    const { tf, rawOp, attribute } = require(${JSON.stringify(join(__dirname, "../../src/tensorflow"))});
    const x = tf.randomNormal([100, 32, 32, 5], 3, 2, "float32", 1), dy = tf.randomNormal([100, 32, 32, 5], 0, 1, "float32", 2);
    const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((seed) => tf.randomUniform([5], 0, 1, "float32", seed));
    const T = { T: attribute.type("float32"), activation: attribute.int(2), alpha: attribute.float(0.2) };
    const out = rawOp("GradampBatchNorm", T, [x, gamma, beta, mean, variance], 5);
    const gradients = rawOp("GradampBatchNormGrad", T, [dy, x, gamma, out[3], out[4], gamma, beta], 3);
    const hash = require("node:crypto").createHash("sha256");
    for (const each of [...out, ...gradients]) hash.update(Buffer.from(each.dataSync().slice().buffer));
    console.log(hash.digest("hex"));`;
  assertSameEverywhere(program);
});
