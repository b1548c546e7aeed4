import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import type { Dataset } from "../../../src/datasets";
import { dataset } from "../../../src/datasets";
import { readRun, readRunInfo, recordTraining, startResuming } from "../../../src/runs";
import { type LayersModel, type Tensor, tf } from "../../../src/tensorflow";
import { keyed, type TrainOptions } from "../../../src/training";
import { tinyData, tinyModel } from "../../support/tiny";
import { temporaryFolder } from "../support";

const { dense, dropout } = tf.layers;
const glorot = (seed?: number) => tf.initializers.glorotUniform(seed === undefined ? {} : { seed });

/** A network that says everything, but for what a test changes. */
function network(
  of: { activation?: "relu" | "tanh"; rate?: number; l2?: number; seed?: number; named?: boolean } = {},
): LayersModel {
  // prettier-ignore
  const { activation = "relu", rate = 0.1, l2 = 0.01, seed = 1, named = true } = of;
  const name = (text: string) => (named ? { name: text } : {});
  const regularizer = { kernelRegularizer: tf.regularizers.l2({ l2 }), kernelInitializer: glorot(seed) };
  return tf.sequential({
    ...name("net"),
    layers: [
      dense({ units: 5, inputShape: [4], activation, ...regularizer, ...name("a") }),
      dropout({ rate, ...name("b") }),
      dense({ units: 3, kernelInitializer: glorot(seed + 1), ...name("c") }),
    ],
  });
}

let made: Promise<Dataset> | null = null;
const data = () =>
  (made ??= dataset({
    train: {
      inputs: tf.randomNormal([40, 4], 0, 1, "float32", 1),
      targets: Array.from({ length: 40 }, (_, i) => i % 3),
    },
    classes: 3,
  }));
const options: TrainOptions = { epochs: 2, batchSize: 20, engine: "eager" };

async function keep(folder: string, model: LayersModel, own: TrainOptions = {}, until: number | null = null) {
  const notes: string[] = [];
  const save = { folder, until, onNote: (text: string) => notes.push(text) };
  const run = await recordTraining(model, await data(), { ...options, ...own }, save);
  await run.finished;
  return { run, notes };
}

describe("a run folder takes no other network for its own", () => {
  for (const [what, of, path] of [
    ["activation", { activation: "tanh" }, /model\.layers\.0\.activation "relu", but found "tanh"/],
    ["dropout", { rate: 0.5 }, /model\.layers\.1\.rate 0\.1, but found 0\.5/],
    ["regulariser", { l2: 0.1 }, /model\.layers\.0\.kernel_regularizer\.l2 0\.01, but found 0\.1/],
    ["seed", { seed: 7 }, /model\.layers\.0\.kernel_initializer\.seed 1, but found 7/],
  ] as const)
    for (const until of [1, null])
      test(`another ${what}, of a run that has ${until === null ? "finished" : "been interrupted"}`, async (t) => {
        const folder = join(temporaryFolder(t), "a");
        await keep(folder, network(), {}, until);
        await assert.rejects(keep(folder, network(of)), { name: "RangeError", message: path });
      });

  test("other weights, loaded before training", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    await keep(folder, network(), {}, 1);
    const other = network();
    other.setWeights(other.getWeights().map((weight) => weight.add(1)));
    await assert.rejects(keep(folder, other), /Expected the weights that the run in .* began with but found others/);
  });
});

describe("the same network goes on", () => {
  test("built anew, and the very one that was trained, even a third time", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    const model = network();
    await keep(folder, model, {}, 1);
    const { run } = await keep(folder, model);
    assert.deepEqual([run.status, run.epochs.length], ["finished", 2]);
    const again = await keep(folder, model);
    assert.deepEqual(again.run.epochs, run.epochs);
    assert.deepEqual((await keep(folder, network())).run.epochs, run.epochs);
  });

  test("with layers that tfjs named anew, whose rows keep the names before", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    await keep(folder, network({ named: false }), {}, 1);
    const { run } = await keep(folder, network({ named: false }));
    const layers = (epoch: number) => run.gradients.filter((row) => row.epoch === epoch).map(({ layer }) => layer);
    assert.deepEqual(layers(2), layers(1));
    assert.equal(new Set(readRun(folder).gradients.map(({ layer }) => layer)).size, 2);
  });

  test("without seeds, which is said", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    const unseeded = () => tf.sequential({ layers: [dense({ units: 3, inputShape: [4] })] });
    await keep(folder, unseeded(), {}, 1);
    const { run, notes } = await keep(folder, unseeded());
    assert.equal(run.status, "finished");
    assert.match(notes.join(), /have no seed and are not those that the run in .* began with: the run's own are taken/);
  });
});

describe("functions", () => {
  const weighted = (weight: number) => (prediction: Tensor | Tensor[], target: Tensor) =>
    tf.losses.softmaxCrossEntropy(tf.oneHot(target as never, 3), prediction as Tensor).mul(weight) as Tensor;
  const only = (chosen: ReadonlySet<string>) => (layer: { name: string }) => chosen.has(layer.name);

  for (const [what, one, other] of [
    ["losses", { loss: weighted(1) }, { loss: weighted(100) }],
    ["choices of layers", { amplify: { group: only(new Set(["a"])) } }, { amplify: { group: only(new Set(["c"])) } }],
  ] as const)
    test(`two ${what} with one text are not the same`, async (t) => {
      const folder = join(temporaryFolder(t), "a");
      const { notes } = await keep(folder, network(), one);
      assert.match(notes.join(), /has a function without a key: only this process can go on/);
      await assert.rejects(keep(folder, network(), other), {
        name: "RangeError",
        message:
          /which has options\.\S+ a function without a key .* ga\.keyed\("…", f\): give a key, or choose another folder$/,
      });
      // One object in one process is the same.
      assert.equal((await keep(folder, network(), one)).run.status, "finished");
    });

  test("two with one key are, with another key they are not", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    const loss = (weight: number) => keyed(`weighted ${weight}`, weighted(weight));
    const first = await keep(folder, network(), { loss: loss(2) }, 1);
    assert.deepEqual(first.notes, []);
    assert.equal((await keep(folder, network(), { loss: loss(2) })).run.epochs.length, 2);
    await assert.rejects(keep(folder, network(), { loss: loss(3) }), /options\.loss the function "weighted 2", but found the function "weighted 3"/); // prettier-ignore
    await assert.rejects(keep(folder, network(), { loss: weighted(2) }), /but found a function without a key/);
    await assert.rejects(keep(folder, network()), /but found "crossEntropy"/);
  });

  test("a schedule of one's own counts by its rates", async (t) => {
    const folder = join(temporaryFolder(t), "a");
    const rate = (by: number) => ({ name: "sgd" as const, learningRate: { description: "x", at: (epoch: number) => by / epoch } }); // prettier-ignore
    await keep(folder, network(), { optimizer: rate(0.1) }, 1);
    assert.deepEqual((readRunInfo(folder).options["optimizer"] as { learningRate: unknown }).learningRate, { each: [0.1, 0.05] }); // prettier-ignore
    await assert.rejects(
      keep(folder, network(), { optimizer: rate(0.2) }),
      /learningRate\.each\.0 0\.1, but found 0\.2/,
    );
    const { run } = await startResuming(folder, { data: await data() });
    await run.finished;
    assert.deepEqual(run.epochs.map(({ learningRate }) => learningRate), [0.1, 0.05]); // prettier-ignore
  });
});

describe("what version 1 wrote is read", () => {
  const fixture = (name: string) => join(__dirname, "..", "..", "..", "..", "test", "fixtures", "version-1", name);
  const copy = (t: TestContext, name: string) => {
    const folder = join(temporaryFolder(t), name);
    cpSync(fixture(name), folder, { recursive: true });
    return folder;
  };

  for (const [name, epochs, rate] of [
    ["run", 3, null],
    ["cosine", 3, { cosine: 0.001, min: 0.00002 }],
  ] as const)
    test(`${name}: goes on to its end with the rows that it had`, async (t) => {
      const folder = copy(t, name);
      const before = readRun(folder);
      const { run } = await startResuming(folder);
      await run.finished;
      assert.deepEqual([run.status, run.epochs.length], ["finished", epochs]);
      // The column came later: null where nobody knew it.
      const had = before.epochs.map((row) => ({ ...row, penalty: null }));
      assert.deepEqual(readRun(folder).epochs.slice(0, had.length), had);
      const { version, options } = readRunInfo(folder);
      assert.equal(version, 3);
      assert.deepEqual((options["optimizer"] as { learningRate: unknown }).learningRate, rate);
    });

  test("a function of which only the text was kept is taken for the one that has a key now", async (t) => {
    const folder = copy(t, "loss");
    const { loss: kept } = readRunInfo(folder).options as { loss: { text: string } };
    const ga = { tf };
    assert.ok(ga.tf === tf);
    const loss = new Function("ga", `return ${kept.text}`)(ga) as TrainOptions["loss"] & object;
    const own = tinyData({ train: 40, augmentation: null });
    const again = (given: TrainOptions["loss"] & object) =>
      recordTraining(
        tinyModel({ width: 2 }),
        own,
        { epochs: 2, batchSize: 20, engine: "eager", loss: given },
        { folder },
      );
    await assert.rejects(again(loss), /options\.loss a function without a key/);
    const run = await again(keyed("cross-entropy", loss as never) as never);
    await run.finished;
    assert.equal(run.status, "finished");
  });

  test("what a newer gradamp wrote is refused", (t) => {
    const folder = copy(t, "run");
    const file = join(folder, "run.json");
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), version: 99 }));
    assert.throws(() => readRunInfo(folder), { name: "RangeError", message: /version 3 or before but found 99: a newer gradamp/ }); // prettier-ignore
  });
});
