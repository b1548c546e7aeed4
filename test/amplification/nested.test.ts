import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AmplifyOptions, amplify, group, intelligentStages } from "../../src/amplification";
import { dataset } from "../../src/datasets";
import { weightTensors } from "../../src/gradients";
import type { EngineName } from "../../src/graph";
import { type LayersModel, type layers, type Tensor, tf } from "../../src/tensorflow";
import { sgd, startTraining, type TrainOptions } from "../../src/training";

const L = tf.layers;
let seed = 0;
const dense = (name: string, rest: object = {}) =>
  L.dense({ units: 3, name, kernelInitializer: tf.initializers.randomUniform({ minval: 0.1, maxval: 1, seed: ++seed }), ...rest }); // prettier-ignore
const sequential = (name: string, ...parts: (layers.Layer | LayersModel)[]) =>
  tf.sequential({ name, layers: parts as layers.Layer[] });
const from = { inputShape: [3] };

function functional(name: string, ...parts: layers.Layer[]): LayersModel {
  const inputs = tf.input({ shape: [3] });
  const outputs = parts.reduce((x, layer) => layer.apply(x) as typeof inputs, inputs);
  return tf.model({ name, inputs, outputs });
}

/** first → outer(tower(a, b), c) → head, with the tower of either kind. */
function nested(kind: "sequential" | "functional"): LayersModel {
  seed = 0;
  const inner = kind === "sequential" ? sequential("tower", dense("a", from), dense("b")) : functional("tower", dense("a"), dense("b")); // prettier-ignore
  return sequential("whole", dense("first", from), sequential("outer", inner, dense("c")), dense("head"));
}

function gradients(model: LayersModel): Record<string, number[]> {
  return Object.fromEntries(
    weightTensors(model).map(({ layer, weight, variable }) => {
      const found = tf.tidy(() => {
        const x = tf.tensor2d([[0.3, 0.7, 0.2]]);
        const cost = () => (model.apply(x, { training: true }) as Tensor).square().sum();
        return tf.variableGrads(cost as never, [variable]).grads[variable.name]!.dataSync();
      });
      return [`${layer}/${weight}`, [...found]];
    }),
  );
}

/** By how much each kernel's gradient grows. */
function growth(model: LayersModel, options: AmplifyOptions): Record<string, number> {
  const plain = gradients(model);
  const amplified = amplify(model, options);
  const larger = gradients(model);
  amplified.remove();
  assert.deepEqual(gradients(model), plain);
  return Object.fromEntries(
    Object.entries(plain)
      .filter(([name]) => name.endsWith("kernel"))
      .map(([name, values]) => {
        const found = new Set(values.map((value, at) => larger[name]![at]! / value));
        assert.equal(found.size, 1, name);
        return [name.split("/").at(-2)!, [...found][0]!];
      }),
  );
}

const called =
  (...names: string[]) =>
  (layer: layers.Layer) =>
    names.includes(layer.name);

describe("amplification of a nested model itself", () => {
  for (const kind of ["sequential", "functional"] as const) {
    test(`${kind}: at its output, with everything upstream`, () => {
      const found = growth(nested(kind), { group: called("tower"), ampFactor: 4 });
      assert.deepEqual(found, { first: 4, a: 4, b: 4, c: 1, head: 1 });
      assert.deepEqual(growth(nested(kind), { group: called("outer"), ampFactor: 4 }), { first: 4, a: 4, b: 4, c: 4, head: 1 }); // prettier-ignore
    });

    test(`${kind}: its own parameters, all of them, and with one of its layers beside it`, () => {
      const scope = "parameters";
      const found = growth(nested(kind), { group: called("tower"), ampFactor: 4, scope });
      assert.deepEqual(found, { first: 1, a: 4, b: 4, c: 1, head: 1 });
      const model = nested(kind);
      const outer = amplify(model, { group: called("outer"), ampFactor: 2, scope });
      const plain = gradients(model);
      const inner = amplify(model, { group: called("a"), ampFactor: 8, scope });
      const both = gradients(model);
      outer.remove();
      inner.remove();
      assert.equal(both["outer/tower/a/kernel"]![0]! / plain["outer/tower/a/kernel"]![0]!, 8);
      assert.equal(plain["outer/c/kernel"]![0]! / gradients(model)["outer/c/kernel"]![0]!, 2);
    });
  }

  test("a predicate that also matches layers inside takes these, as before", () => {
    const names = (predicate: (layer: layers.Layer) => boolean) => group(nested("sequential"), predicate).map(({ name }) => name); // prettier-ignore
    assert.deepEqual(names(() => true), ["first", "a", "b", "c", "head"]); // prettier-ignore
    assert.deepEqual(names(called("tower", "a")), ["a"]);
    assert.deepEqual(names(called("outer", "tower")), ["tower"]);
    assert.deepEqual(names(called("tower", "head")), ["tower", "head"]);
  });

  for (const engine of ["graph", "eager"] as EngineName[])
    test(`in training it is named by its path, and its layers learn faster (${engine})`, async () => {
      const rates = async (amplify: TrainOptions["amplify"] & {}) => {
        const data = await dataset({ train: { inputs: [[1, 2, 3], [3, 2, 1], [2, 2, 1]], targets: [0, 1, 2] } }); // prettier-ignore
        const options: TrainOptions = {
          epochs: 1,
          batchSize: 2,
          engine,
          optimizer: sgd({ learningRate: 1e-9 }),
          amplify,
        };
        const run = await startTraining(nested("sequential"), data, options).finished;
        data.dispose();
        return { run, found: run.gradients.filter(({ weight }) => weight === "kernel").map(({ meanAbs }) => meanAbs) };
      };
      const plain = await rates({ group: called("tower"), ampFactor: 1 });
      const { run, found } = await rates({ group: called("tower"), ampFactor: 4 });
      assert.deepEqual(run.stages[0]!.layers, ["outer/tower"]);
      assert.equal(run.epochs[0]!.amplifiedLayers, 1);
      assert.deepEqual(found.map((value, at) => Math.round((value / plain.found[at]!) * 1e3) / 1e3), [4, 4, 4, 1, 1]); // prettier-ignore
    });

  test("where gradients choose, it stands for its layers", async () => {
    const data = await dataset({ train: { inputs: [[1, 2, 3], [3, 2, 1], [2, 2, 1]], targets: [0, 1, 2] } }); // prettier-ignore
    const plan = intelligentStages({ directionality: "G", sides: "both", threshold: 0.1, schedule: [[3, 0.01, 1, 2]], group: called("outer") }); // prettier-ignore
    const run = await startTraining(nested("sequential"), data, { batchSize: 3, stages: plan }).finished;
    data.dispose();
    assert.deepEqual([...new Set(run.selections.map(({ layer }) => layer))], ["outer/tower/a", "outer/tower/b", "outer/c"]); // prettier-ignore
  });
});

describe('scope "parameters" and layers without trainable weights', () => {
  const chain = () => {
    seed = 0;
    const model = sequential("chain", dense("a", from), L.reLU({ name: "relu" }), dense("b"), dense("c"));
    model.layers[2]!.trainable = false;
    return model;
  };
  const warning = /leaves out 2 of 4 layers of the group, which have no trainable weights: relu, b/;

  test("are left out, with a warning, in training and in a loop of one's own", async () => {
    const told: string[] = [];
    const listen = ({ message }: Error) => told.push(message);
    process.on("warning", listen);
    const amplified = amplify(chain(), { group: () => true, scope: "parameters" });
    await new Promise(setImmediate);
    process.off("warning", listen);
    assert.deepEqual([amplified.layers.map(({ name }) => name), amplified.groupSize], [["a", "c"], 2]);
    amplified.remove();
    assert.match(told.join(), warning);
    const data = await dataset({ train: { inputs: [[1, 2, 3], [3, 2, 1], [2, 2, 1]], targets: [0, 1, 2] } }); // prettier-ignore
    const run = await startTraining(chain(), data, { epochs: 1, amplify: { group: () => true, scope: "parameters" } }).finished; // prettier-ignore
    data.dispose();
    assert.match(run.warnings.join(), warning);
    assert.deepEqual([run.stages[0]!.layers, run.stages[0]!.groupSize], [["a", "c"], 2]);
  });

  test("a group of nothing else is refused", () => {
    const refuse = (group: AmplifyOptions["group"], message: RegExp) =>
      assert.throws(() => amplify(chain(), { group, scope: "parameters" }), { name: "RangeError", message });
    refuse("relu", /but relu has none: use scope "backprop"/);
    refuse(called("relu", "b"), /but relu has none, nor have 1 more/);
  });
});
