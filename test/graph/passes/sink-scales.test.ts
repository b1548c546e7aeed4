/** Amplification factors in small tensors give the gradients that factors on activations gave. */
import assert from "node:assert/strict";
import { lookAtTrainingGraph } from "../../../bench/support/training-graph";
import { amplify, amplifyLayers, group, type Group, scaleGradient } from "../../../src/amplification";
import { compile } from "../../../src/graph";
import { sinkScalesPass } from "../../../src/graph/passes/sink-scales";
import type { Node } from "../../../src/graph/graph";
import { sizeOf } from "../../../src/graph/passes/size-of";
import { trace, type Trace } from "../../../src/graph/trace";
import { forwardLayers } from "../../../src/models/forward-layers";
import { modelByName, vgg08 } from "../../../src/models";
import { type LayersModel, type Scalar, type Tensor, type Tensor4D, tf, type Variable } from "../../../src/tensorflow";
import { graphTest as test } from "../../support/graph-test";
import { assertAllSameBits, relativeError, takeValues } from "../../support/same-bits";
import { symmetric } from "../../support/deterministic";
import { applying, isActivation, nodesOf } from "../../support/training-graph";

const BATCH = 5;
const images = tf.tensor4d(symmetric("images", BATCH * 8 * 8 * 3, 1), [BATCH, 8, 8, 3]);
const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1], "int32"), 3);
const SMALL = { width: 4, classes: 3, inputShape: [8, 8, 3] } as const;
const network = (name: string) => modelByName(name, SMALL);

/** Gradients of all weights, compiled or op by op; moving averages move on, which they do not depend on. */
function gradients(model: LayersModel, compiled: boolean, samples: Tensor = images): ArrayLike<number>[] {
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const step = (x: Tensor, y: Tensor) => {
    const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as Tensor) as Scalar;
    const { grads } = tf.variableGrads(loss, variables);
    return variables.map(({ name }) => grads[name]!);
  };
  if (!compiled) return takeValues(tf.tidy(() => step(samples, labels)));
  const whole = compile(step);
  const values = takeValues(whole(samples, labels));
  whole.dispose();
  return values;
}

/**
 * Asserts that gradients agree to rounding: that they are no further apart than ten times what images that are one unit in
 * the last place brighter make of them. (A bias before a batch norm has a gradient of nothing but rounding.)
 */
function assertNear(model: LayersModel, found: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[]) {
  const brighter = images.mul(1 + 2 ** -23) as Tensor4D;
  const others = gradients(model, false, brighter);
  brighter.dispose();
  found.forEach((values, at) => {
    const [error, spread] = [values, others[at]!].map((each) => relativeError(each, expected[at]!));
    assert.ok(error! <= 10 * spread! + 1e-6, `gradient ${at} is ${error} off, where ${spread} is rounding`);
  });
}

/** All kinds of ops that a factor meets on its way, amplified at a layer of each. */
const { layers } = tf;
const MODELS: Record<string, () => LayersModel> = {
  "vgg08-bn": () => network("vgg08-bn"),
  "vgg08 with residual connections": () => vgg08({ ...SMALL, residual: true }),
  resnet18: () => network("resnet18"),
  "pools, dense layers and activations of tfjs": () =>
    tf.sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu6", inputShape: [8, 8, 3] }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.depthwiseConv2d({ kernelSize: 3, padding: "same" }),
        layers.elu(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.batchNormalization(),
        layers.flatten(),
        layers.dense({ units: 6, activation: "tanh" }),
        layers.leakyReLU(),
        layers.dense({ units: 3 }),
      ],
    }),
};

for (const [name, make] of Object.entries(MODELS)) {
  test(`${name}: gradients are the same to the last bit for powers of two, to rounding for others`, () => {
    const model = make();
    const chosen = forwardLayers(model).filter((_, at) => at % 2 === 1);
    for (const ampFactor of [2, 0.5, 1.7]) {
      const amplification = amplifyLayers(model, chosen, { ampFactor, scope: "backprop" });
      const [found, expected] = [gradients(model, true), gradients(model, false)];
      if (ampFactor === 1.7) assertNear(model, found, expected);
      else assertAllSameBits(found, expected, "gradient");
      amplification.remove();
    }
    model.dispose();
  });
}

test("scope parameters, too", () => {
  const model = network("vgg08-bn");
  const amplification = amplify(model, { group: "bn", ampFactor: 1.7, scope: "parameters" });
  assertAllSameBits(gradients(model, true), gradients(model, false), "gradient");
  amplification.remove();
  model.dispose();
});

test("k amplified layers in series multiply the gradient at the input by exactly Γᵏ", () => {
  const model = network("vgg08-bn");
  const [raw] = gradients(model, true);
  for (const [group, count] of [
    ["bn", 7],
    ["relu", 7],
    ["bn+relu", 14],
  ] as const) {
    for (const ampFactor of [2, 0.25]) {
      const amplification = amplify(model, { group, ampFactor });
      assert.equal(amplification.layers.length, count);
      const [found] = gradients(model, true);
      amplification.remove();
      assert.deepEqual(
        [...(found as Float32Array)],
        Array.from(raw!, (value) => value * ampFactor ** count),
      );
    }
  }
  model.dispose();
});

/**
 * Multiplications that are as large as activations, in an amplified step as it is traced and after the pass.
 *
 * @param above how many numbers those have at most that do not count
 */
function largeMultiplications(model: LayersModel, group: Group | null, above = 0): { before: number; after: number } {
  const amplification = group && amplify(model, { group });
  const isLarge = ({ outputs: [value] }: Node) => isActivation(value!, BATCH) && sizeOf(value!) > above;
  const count = (optimise: (trace: Trace) => Trace) =>
    lookAtTrainingGraph(model, optimise, (trace) => nodesOf(trace, "Mul").filter(isLarge).length, { batch: BATCH });
  const counts = { before: count(applying()), after: count(applying(sinkScalesPass)) };
  amplification?.remove();
  return counts;
}

test("no multiplication of the size of activations is left of amplified batch norms", () => {
  for (const name of ["vgg08-bn", "vgg38-bn-rc", "resnet18", "resnet50"]) {
    const model = network(name);
    const plain = largeMultiplications(model, null);
    const amplified = largeMultiplications(model, "bn");
    const members = amplify(model, { group: "bn" });
    assert.equal(amplified.before, plain.before + members.layers.length, name);
    assert.equal(amplified.after, plain.after, name);
    members.remove();
    model.dispose();
  }
});

test("nor of amplified ReLUs behind convolutions with biases, where images are larger than filters", () => {
  const filter = 3 * 3 * SMALL.width * SMALL.width;
  for (const name of ["vgg08", "vgg38", "vgg38-bn"]) {
    const model = network(name);
    const plain = largeMultiplications(model, null);
    assert.equal(largeMultiplications(model, "relu").before, plain.before + group(model, "relu").length, name);
    const large = largeMultiplications(model, null, 4 * filter);
    assert.equal(largeMultiplications(model, "relu", 4 * filter).after, large.after, name);
    model.dispose();
  }
});

test("a skip path that is nothing but a sum needs some", () => {
  for (const name of ["vgg38-rc", "resnet18"]) {
    const model = network(name);
    const left = largeMultiplications(model, "relu").after - largeMultiplications(model, null).after;
    assert.ok(left > 0 && left < group(model, "relu").length, `${name}: ${left}`);
    model.dispose();
  }
});

/** How many products of a tensor are left of `layers` amplified ReLUs in a row. */
function productsLeft(layers: number, factor: number | "handed in" | "a variable"): number {
  const [held, moving] = [tf.scalar(Number(factor)), tf.variable(tf.scalar(2))];
  const step = (x: Tensor, given: Tensor) => {
    const scalar = factor === "handed in" ? given : factor === "a variable" ? moving : held;
    const forward = (value: Tensor) => {
      for (let at = 0; at < layers; at++) value = scaleGradient(tf.relu(value), scalar as Scalar);
      return value;
    };
    return [tf.grad(forward)(x)];
  };
  const specs = [{ dtype: 1, shape: [20] }, { dtype: 1, shape: [] }]; // prettier-ignore
  const traced = applying(sinkScalesPass)(trace((x, given) => step(x!, given!), specs));
  const left = nodesOf(traced, "Mul").filter(({ outputs }) => outputs[0]!.shape!.length > 0).length;
  traced.dispose();
  tf.dispose([held, moving]);
  return left;
}

test("factors are put together to 8 or to an eighth and no further, larger and unknown ones not at all", () => {
  assert.equal(productsLeft(7, 2), 3);
  assert.equal(productsLeft(7, 0.5), 3);
  assert.equal(productsLeft(7, -2), 3);
  assert.equal(productsLeft(7, 2.5), 4);
  assert.equal(productsLeft(7, 3), 7);
  for (const factor of [100, 1e-3, 0, NaN, Infinity, "handed in", "a variable"] as const) {
    assert.equal(productsLeft(3, factor), 3, String(factor));
  }
});

/** Sixty-four convolutions in a row whose raw gradients shrink or grow by about Γ at each, so that amplified ones do not. */
function deep(ampFactor: number): LayersModel {
  const chain = tf.sequential();
  for (let at = 0; at < 64; at++) {
    const filters = 8;
    const fanIn = 9 * (at === 0 ? 3 : filters);
    const reach = Math.min(10, 2.4 / ampFactor) / Math.sqrt(fanIn);
    chain.add(
      tf.layers.conv2d({
        filters,
        kernelSize: 3,
        padding: "same",
        kernelInitializer: tf.initializers.randomUniform({ minval: -reach, maxval: reach, seed: at }),
        // Values do not fade: the bias is of their size at each layer.
        biasInitializer: tf.initializers.randomUniform({ minval: -0.5, maxval: 1, seed: 100 + at }),
        ...(at === 0 && { inputShape: [8, 8, 3] }),
      }),
    );
    chain.add(tf.layers.leakyReLU({ alpha: 0.3 }));
  }
  chain.add(tf.layers.flatten());
  chain.add(tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 7 }) }));
  return chain;
}

test("gradients that amplification keeps in float32's range op by op stay in it compiled", () => {
  for (const scope of ["backprop", "parameters"] as const) {
    for (const ampFactor of [2, 2.5, 3, 12, 100, 0.5]) {
      const model = deep(scope === "backprop" ? ampFactor : 1);
      const kind = scope === "backprop" ? ["LeakyReLU"] : ["Conv2D"];
      const chosen = forwardLayers(model).filter((layer) => kind.includes(layer.getClassName()));
      const amplification = amplifyLayers(model, chosen, { ampFactor, scope });
      const [found, expected] = [gradients(model, true), gradients(model, false)];
      expected.forEach((values, at) => {
        const largest = Math.max(...Array.from(values, Math.abs));
        assert.ok(largest > 1e-25 && largest < 1e25, `Γ ${ampFactor}: gradient ${at} is of order ${largest}`);
      });
      if (ampFactor === 2 || ampFactor === 0.5) assertAllSameBits(found, expected, `Γ ${ampFactor}: gradient`);
      else
        found.forEach((values, at) => assert.ok(relativeError(values, expected[at]!) < 1e-3, `Γ ${ampFactor}, ${at}`));
      amplification.remove();
      model.dispose();
    }
  }
});

test("sums of products by a number are computed as they stand, to the last bit", () => {
  const x = tf.tensor2d(symmetric("x", 35, 1), [5, 7]);
  const sums = (each: Tensor) => [each.mul(0.1).sum(), each.mul(0.1).mean(-1), each.mul(0.1).sum(1)];
  const compiled = compile(sums);
  assertAllSameBits(takeValues(compiled(x)), takeValues(sums(x)));
  compiled.dispose();
  x.dispose();
});

test("ordinary products by a number are computed where they were, and once", () => {
  const weight = tf.variable(tf.scalar(3));
  const step = compile((x: Tensor) => {
    const scaled = x.mul(weight).mul(0.5);
    // Linear, not linear, twice, as an output and as a variable's value.
    weight.assign(scaled.sum());
    return [
      scaled,
      tf.exp(scaled),
      scaled.reshape([4]).square(),
      tf.maxPool(scaled.reshape([1, 2, 2, 1]), 1, 1, "valid"),
    ];
  });
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const [scaled, exp, square, pooled] = takeValues(step(x)).map((values) => Array.from(values));
  assert.deepEqual(scaled, [1.5, 3, 4.5, 6]);
  assert.deepEqual(square, [2.25, 9, 20.25, 36]);
  assert.deepEqual(pooled, scaled);
  exp!.forEach((value, at) => assert.ok(Math.abs(value / Math.exp(scaled![at]!) - 1) < 1e-6));
  assert.equal(weight.dataSync()[0], 15);
  step.dispose();
  tf.dispose([x, weight]);
});

test("a factor that is a tensor of the step's own is heard anew in each call", () => {
  const kernel = tf.tensor4d(symmetric("kernel", 3 * 3 * 3 * 4, 1), [3, 3, 3, 4]);
  const step = compile((x: Tensor, factor: Tensor) =>
    tf.grad((input: Tensor) =>
      scaleGradient(tf.relu(tf.conv2d(input as Tensor4D, kernel, 1, "same")), factor as Scalar)
        .square()
        .sum(),
    )(x),
  );
  const [one, two] = [1, -4].map((value) => {
    const factor = tf.scalar(value);
    const [values] = takeValues([step(images, factor)]);
    factor.dispose();
    return Array.from(values!);
  });
  assert.deepEqual(two, one!.map((value) => value * -4)); // prettier-ignore
  assert.equal(step.traces, 1);
  step.dispose();
  kernel.dispose();
});
