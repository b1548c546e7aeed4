import assert from "node:assert/strict";
import { test } from "node:test";
import { type AmplifyOptions, amplify } from "../../src/amplification";
import { type LayersModel, type SymbolicTensor, type Tensor, tf, type Variable } from "../../src/tensorflow";

/** Four dense layers with ReLUs between them, weights and inputs chosen so that every gradient is non-zero. */
function chain(): LayersModel {
  const model = tf.sequential();
  for (let index = 0; index < 4; index++) {
    model.add(
      tf.layers.dense({
        units: 3,
        name: `dense_${index}`,
        kernelInitializer: tf.initializers.randomUniform({ minval: 0.1, maxval: 1, seed: index + 1 }),
        ...(index === 0 ? { inputShape: [3] } : {}),
      }),
    );
    if (index < 3) model.add(tf.layers.reLU({ name: `relu_${index}` }));
  }
  return model;
}

/** Gradients of the summed output by layer and weight, as plain numbers. */
function gradients(model: LayersModel): Map<string, number[]> {
  const found = new Map<string, number[]>();
  tf.tidy(() => {
    const x = tf.tensor2d([[0.3, 0.7, 0.2]]);
    const weights = model.trainableWeights;
    const variables = weights.map((weight) => weight.read());
    const { grads } = tf.variableGrads(
      () => (model.apply(x, { training: true }) as Tensor).square().sum(),
      variables as never,
    );
    weights.forEach((weight, index) => {
      const { name } = variables[index] as Tensor & { name: string };
      found.set(weight.originalName, [...grads[name]!.dataSync()]);
    });
  });
  return found;
}

/** How many times larger each weight's gradient is under an amplification; exact for powers of two. */
function ratios(model: LayersModel, options: AmplifyOptions): Record<string, number> {
  const plain = gradients(model);
  const amplified = amplify(model, options);
  const larger = gradients(model);
  amplified.remove();
  return Object.fromEntries(
    [...plain].map(([name, values]) => {
      const found = values.map((value, index) => larger.get(name)![index]! / value);
      assert.ok(
        found.every((ratio) => ratio === found[0]),
        `${name}: one factor for all entries, found ${found}`,
      );
      return [name, found[0]!];
    }),
  );
}

test("amplification of k layers in series multiplies the input gradient by factor^k, exactly", () => {
  assert.deepEqual(ratios(chain(), { group: "relu", ampFactor: 2 }), {
    "dense_0/kernel": 8,
    "dense_0/bias": 8,
    "dense_1/kernel": 4,
    "dense_1/bias": 4,
    "dense_2/kernel": 2,
    "dense_2/bias": 2,
    "dense_3/kernel": 1,
    "dense_3/bias": 1,
  });
});

test("a factor below 1 diminishes by the same law", () => {
  const found = ratios(chain(), { group: "relu", ampFactor: 0.5 });
  assert.equal(found["dense_0/kernel"], 1 / 8);
  assert.equal(found["dense_3/bias"], 1);
});

test("scope backprop multiplies a layer's own parameters and everything upstream", () => {
  const found = ratios(chain(), { group: (layer) => layer.name === "dense_1", ampFactor: 4 });
  assert.deepEqual(Object.values(found), [4, 4, 4, 4, 1, 1, 1, 1]);
});

test("scope input multiplies everything upstream of the layer, its own parameters excluded", () => {
  const found = ratios(chain(), { group: (layer) => layer.name === "dense_1", ampFactor: 4, scope: "input" });
  assert.deepEqual(Object.values(found), [4, 4, 1, 1, 1, 1, 1, 1]);
});

test("under scope input, too, k layers in series multiply the input gradient by factor^k, exactly", () => {
  for (const factor of [2, 0.5]) {
    const all = { group: (layer: { name: string }) => layer.name.startsWith("dense"), ampFactor: factor, scope: "input" } as const; // prettier-ignore
    const found = ratios(chain(), all);
    for (const [at, power] of [3, 2, 1, 0].entries()) assert.equal(found[`dense_${at}/kernel`], factor ** power);
  }
});

test("under scope input each of a layer's inputs is multiplied, a shared layer at each use, whole numbers pass", () => {
  const tokens = tf.input({ shape: [2], dtype: "int32", name: "tokens" });
  const embedding = tf.layers.embedding({
    inputDim: 3,
    outputDim: 2,
    name: "embedding",
    embeddingsInitializer: "ones",
  });
  const flat = tf.layers.flatten().apply(embedding.apply(tokens)) as SymbolicTensor;
  const left = tf.layers.dense({ units: 4, name: "left", kernelInitializer: "ones" }).apply(flat) as SymbolicTensor;
  const sum = tf.layers.add({ name: "sum" }).apply([flat, left]) as SymbolicTensor;
  const head = tf.layers.dense({ units: 1, name: "head", kernelInitializer: "ones" }).apply(sum) as SymbolicTensor;
  const model = tf.model({ inputs: tokens, outputs: head });
  const gradient = () => {
    const weight = embedding.trainableWeights[0]!.read() as Variable;
    const x = tf.tensor2d([[0, 1]], [1, 2], "int32");
    return tf.variableGrads(() => (model.apply(x) as Tensor).sum().asScalar(), [weight]).grads[weight.name]!.dataSync()[0]!; // prettier-ignore
  };
  const raw = gradient();
  for (const [name, factor] of [
    ["sum", 4],
    ["head", 4],
    ["embedding", 1],
  ] as const) {
    const amplified = amplify(model, { group: (layer) => layer.name === name, ampFactor: 4, scope: "input" });
    assert.equal(gradient() / raw, factor, name);
    amplified.remove();
    assert.equal(gradient(), raw);
  }
});

test("scope parameters multiplies the layer's own parameters only", () => {
  const found = ratios(chain(), { group: (layer) => layer.name === "dense_1", ampFactor: 4, scope: "parameters" });
  assert.deepEqual(Object.values(found), [1, 1, 4, 4, 1, 1, 1, 1]);
});

test("scope parameters is the layer's learning rate times the factor under plain SGD, exactly", () => {
  const before = chain();
  const x = tf.tensor2d([[0.3, 0.7, 0.2]]);
  const update = (factor: number, rate: number) => {
    const model = chain();
    model.setWeights(before.getWeights());
    const amplified = amplify(model, {
      group: (layer) => layer.name === "dense_2",
      ampFactor: factor,
      scope: "parameters",
    });
    const kernel = model.getLayer("dense_2").trainableWeights[0]!.read();
    const old = kernel.clone();
    tf.train
      .sgd(rate)
      .minimize(() => (model.apply(x, { training: true }) as Tensor).square().sum(), false, [kernel as never]);
    amplified.remove();
    return [...kernel.sub(old).dataSync()];
  };
  assert.deepEqual(update(4, 1 / 64), update(1, 4 / 64));
});

test("a residual block's skip path is not multiplied", () => {
  const input = tf.input({ shape: [3] });
  const block = tf.layers.dense({ units: 3, name: "inside", useBias: false, kernelInitializer: "identity" });
  const out = tf.layers.add().apply([input, block.apply(input) as SymbolicTensor]) as SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: out });
  const slope = () => [
    ...tf
      .grad((x: Tensor) => (model.apply(x, { training: true }) as Tensor).sum())(tf.ones([1, 3]))
      .dataSync(),
  ];
  assert.deepEqual(slope(), [2, 2, 2]);
  const amplified = amplify(model, { group: (layer) => layer.name === "inside", ampFactor: 8 });
  assert.deepEqual(slope(), [9, 9, 9]);
  amplified.remove();
  assert.deepEqual(slope(), [2, 2, 2]);
});

test("amplification works inside model.fit", async () => {
  const trained = async (amplified: boolean) => {
    const model = chain();
    model.compile({ optimizer: tf.train.sgd(0.001), loss: "meanSquaredError" });
    const handle = amplified ? amplify(model, { group: "relu", ampFactor: 2 }) : null;
    const before = model.getWeights().map((weight) => weight.clone());
    await model.fit(tf.tensor2d([[0.3, 0.7, 0.2]]), tf.tensor2d([[0, 0, 0]]), { epochs: 1, verbose: 0 });
    handle?.remove();
    return model.getWeights().map((weight, index) => weight.sub(before[index]!).abs().sum().dataSync()[0]!);
  };
  const [plain, larger] = [await trained(false), await trained(true)];
  const found = plain.map((value, index) => larger[index]! / value);
  [8, 8, 4, 4, 2, 2, 1, 1].forEach((expected, index) =>
    assert.ok(Math.abs(found[index]! / expected - 1) < 1e-2, `${found}`),
  );
});

test("removing leaves no trace, in any order and also after an exception", () => {
  const model = chain();
  const tensors = tf.memory().numTensors;
  const plain = gradients(model);
  const first = amplify(model, { group: "relu", ampFactor: 2 });
  const second = amplify(model, {
    group: (layer) => layer.name.startsWith("dense"),
    ampFactor: 4,
    scope: "parameters",
  });
  assert.throws(() => model.apply(tf.tensor2d([[1, 2]]), { training: true }));
  first.remove();
  first.remove();
  assert.equal(gradients(model).get("dense_0/kernel")![0]! / plain.get("dense_0/kernel")![0]!, 4);
  second.remove();
  assert.deepEqual(gradients(model), plain);
  for (const layer of model.layers) {
    assert.ok(!Object.hasOwn(layer, "call"), `${layer.name} has its class's own call again`);
    for (const weight of layer.trainableWeights) assert.ok(!Object.hasOwn(weight, "read"));
  }
  assert.equal(tf.memory().numTensors, tensors + 1, "only the tensor of the failed call is left");
});

test("what makes no sense is refused with the value and the remedy", () => {
  const model = chain();
  const refused = (options: Partial<AmplifyOptions>, message: RegExp) =>
    assert.throws(() => amplify(model, { group: "relu", ...options }), { name: "RangeError", message });
  refused({ ampRatio: 1.5 }, /^Expected amplification ratio to lie in \[0, 1\] but found 1.5$/);
  refused({ ampRatio: Number.NaN }, /but found NaN/);
  refused({ ampFactor: 0 }, /greater than 0 but found 0/);
  refused({ ampFactor: Number.POSITIVE_INFINITY }, /but found Infinity/);
  refused({ group: "bn" }, /group "bn".*ReLU/s);
  refused({ group: "first-bn-of-block" }, /none/);
  refused({ group: "conv" as never }, /one of relu, bn/);
  refused({ scope: "parameters" }, /relu_0 has none/);
  refused({ scope: "both" as never }, /"backprop"/);
});

test("a factor of 1 and a ratio of 0 amplify nothing, and a warning says so; others say nothing", (t) => {
  const said: string[] = [];
  t.mock.method(process, "emitWarning", (warning: string) => said.push(warning));
  const group = ({ name }: { name: string }) => name.startsWith("dense");
  for (const options of [{ ampFactor: 1 }, { ampRatio: 0 }, { ampFactor: 1, ampRatio: 0.5 }])
    amplify(chain(), { group, ...options }).remove();
  assert.equal(said.length, 3);
  for (const warning of said) assert.match(warning, /^Nothing is amplified/);
  amplify(chain(), { group, ampFactor: 1.01, ampRatio: 0.5 }).remove();
  assert.equal(said.length, 3);
});
