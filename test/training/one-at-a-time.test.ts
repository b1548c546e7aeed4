import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, test } from "node:test";
import * as ga from "../../src";
import type { Dataset, LayersModel, Run } from "../../src";

const { tf } = ga;

function data(): Promise<Dataset> {
  const inputs = Array.from({ length: 40 }, (_, at) => [Math.sin(at), Math.cos(at), at % 2, 1]);
  return ga.dataset({ train: { inputs, targets: inputs.map((_, at) => at % 3) } });
}

const base = () => tf.layers.dense({ units: 5, inputShape: [4], activation: "relu", name: "base" });
const network = (first = base(), name = "first_model") =>
  tf.sequential({ name, layers: [first, tf.layers.dense({ units: 3, name: `${name}_head` })] });

const options = { epochs: 2, batchSize: 8, name: "baseline" };

/** Starts a run, does something under it, and gives what the run came to. */
async function under(act: (run: Run, model: LayersModel, samples: Dataset) => unknown, model = network()) {
  const samples = await data();
  const run = ga.startTraining(model, samples, options);
  await act(run, model, samples);
  await run.finished;
  return { run, model, samples };
}

const named = /but run "baseline" is training (it|model first_model|on it).*run\.stop\(\)/;

describe("a model is trained by one at a time", () => {
  test("a second run is refused and names the first, which finishes; afterwards it may begin", async () => {
    const model = network();
    const { run, samples } = await under((_, trained, held) => {
      const more = { ...options, amplify: { group: () => true, ampFactor: 16 } };
      assert.throws(() => ga.startTraining(trained, held, more), { name: "Error", message: named });
    }, model);
    assert.equal(run.status, "finished");
    assert.equal((await ga.startTraining(model, samples, options).finished).status, "finished");
  });

  test("ga.train, with and without a folder, twice at once: one finishes, the other rejects", async () => {
    for (const folder of [null, `${mkdtempSync(`${tmpdir()}/gradamp-twice-`)}/a`]) {
      const [model, samples] = [network(), await data()];
      const train = (name: string) =>
        ga.train(model, samples, { ...options, name, progress: false, save: folder && `${folder}-${name}` });
      const [first, second] = await Promise.allSettled([train("one"), train("two")]);
      assert.deepEqual([first.status, second.status].sort(), ["fulfilled", "rejected"]);
      const [lost] = [first, second].filter((end) => end.status === "rejected");
      assert.match(String(lost!.reason), /Expected first_model to be trained by one at a time but run "(one|two)"/);
      // Whoever was refused may train now, in the same folder.
      const again = await train(first.status === "rejected" ? "one" : "two");
      assert.equal(again.status, "finished");
    }
  });

  test("a model that shares layers counts, in whatever it holds them", async () => {
    const shared = base();
    const model = network(shared);
    const other = network(shared, "second_model");
    const outer = tf.sequential({ name: "outer", layers: [model, tf.layers.dense({ units: 3, name: "outer_head" })] });
    await under((_, __, samples) => {
      assert.throws(
        () => ga.startTraining(other, samples, options),
        /model first_model, which shares layer base with it/,
      );
      assert.throws(() => ga.startTraining(outer, samples, options), named);
      assert.equal(ga.startTraining(network(), samples, { epochs: 1 }).status, "running");
    }, model);
  });

  test("fit, fitDataset, trainOnBatch and amplify are refused, on a model and on one around it", async () => {
    const model = network();
    const outer = tf.sequential({ name: "outer", layers: [model, tf.layers.dense({ units: 3, name: "outer_head" })] });
    for (const one of [model, outer]) one.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const [x, y] = [tf.ones([4, 4]), tf.ones([4, 3])];
    const { run } = await under(async () => {
      for (const one of [model, outer]) {
        await assert.rejects(async () => one.fit(x, y, { epochs: 1 }), named);
        await assert.rejects(async () => one.fitDataset({} as never, { epochs: 1 }), named);
        await assert.rejects(async () => one.trainOnBatch(x, y), named);
        assert.throws(() => ga.amplify(one, { group: () => true }), named);
      }
    }, model);
    assert.equal(run.status, "finished");
    const history = await model.fit(x, y, { epochs: 1, verbose: 0 });
    assert.equal(history.epoch.length, 1);
  });

  test("setWeights and loadWeights, of the model or a layer of it, are refused in both engines; fit's callbacks may", async () => {
    for (const engine of ["graph", "eager"] as const) {
      const model = network();
      const before = model.getWeights().map((weight) => weight.clone());
      const kernel = model.layers.find((layer) => layer.getWeights().length > 0)!;
      const refused: string[] = [];
      const attempt = (change: () => void) => {
        try {
          change();
        } catch (error) {
          refused.push((error as Error).message);
        }
      };
      const samples = await data();
      const run = await ga.startTraining(model, samples, {
        ...options,
        engine,
        callbacks: {
          onEpoch() {
            attempt(() => model.setWeights(before));
            attempt(() => kernel.setWeights(before.slice(0, kernel.getWeights().length)));
            attempt(() => model.loadWeights({}, false));
          },
        },
      }).finished;
      assert.equal(run.status, "finished");
      assert.equal(refused.length, 6, engine);
      for (const message of refused) assert.match(message, /to have its weights set but run .* is training/);
      model.setWeights(before);
      samples.dispose();
    }
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const zeros = [tf.zeros([1, 1]), tf.zeros([1])];
    await model.fit(tf.ones([4, 1]), tf.ones([4, 1]), { epochs: 1, verbose: 0, callbacks: { onEpochEnd: () => model.setWeights(zeros) } }); // prettier-ignore
    assert.deepEqual([...model.getWeights()[0]!.dataSync()], [0]);
  });

  test("a callback that assigns a weight's variable is followed by both engines alike", async () => {
    const outcome = async (engine: "graph" | "eager", place: "onStep" | "onEpoch" | null) => {
      const [model, samples] = [network(), await data()];
      const start = model.getWeights().map(({ shape }) => tf.fill(shape, 0.1));
      model.setWeights(start);
      let calls = 0;
      const clamp = () => {
        const variable = model.layers[1]!.trainableWeights[0]!.read() as ReturnType<typeof tf.variable>;
        if (++calls === 1) tf.tidy(() => variable.assign(tf.fill(variable.shape, 2)));
      };
      const callbacks = place === null ? {} : { callbacks: { [place]: clamp } };
      const run = await ga.startTraining(model, samples, { ...options, ...callbacks, engine, seed: 1 }).finished;
      assert.equal(run.status, "finished");
      const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
      tf.dispose(start);
      model.dispose();
      samples.dispose();
      return weights;
    };
    const untouched = await outcome("graph", null);
    for (const place of ["onStep", "onEpoch"] as const) {
      const compiled = await outcome("graph", place);
      assert.deepEqual(compiled, await outcome("eager", place));
      assert.ok(compiled[2]!.every((value, at) => Math.abs(value - untouched[2]![at]!) > 1));
    }
  });

  test("a run is refused while fit is training the model", async () => {
    const [model, samples] = [network(), await data()];
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const fit = model.fit(tf.ones([40, 4]), tf.ones([40, 3]), { epochs: 2, verbose: 0 });
    assert.throws(() => ga.startTraining(model, samples, options), /but model.fit is training it: await its promise/);
    await fit;
    assert.equal((await ga.startTraining(model, samples, options).finished).status, "finished");
  });

  test("dispose of model, layer, all variables and data is refused, and the run goes on", async () => {
    const { run, model, samples } = await under((_, trained, held) => {
      assert.throws(() => trained.dispose(), named);
      assert.throws(() => trained.layers[0]!.dispose(), named);
      assert.throws(() => ga.dispose(trained), named);
      assert.throws(() => tf.disposeVariables(), /run "baseline" is training model first_model/);
      assert.throws(() => held.dispose(), named);
      assert.throws(() => held.train.dispose(), named);
      assert.throws(() => held.train.inputs[0]!.dispose(), named);
      assert.throws(() => ga.dispose(held), named);
    });
    assert.equal(run.status, "finished");
    assert.ok(Number.isFinite(run.epochs[1]!.trainLoss));
    const before = tf.memory().numTensors;
    ga.dispose(model, samples);
    assert.equal(before - tf.memory().numTensors, 4 + 2);
  });

  test("ga.dispose of a run and what it trains ends the run and frees them after it", async () => {
    const before = tf.memory().numTensors;
    const { run, model } = await under((held, trained, samples) => ga.dispose(trained, samples, held));
    assert.equal(run.status, "interrupted");
    await new Promise(setImmediate);
    assert.throws(() => model.weights[0]!.read(), /already disposed/);
    assert.equal(tf.memory().numTensors, before);
  });

  test("a run that fails before its first step gives the model back", async () => {
    const [model, samples] = [network(), await data()];
    const ended: string[] = [];
    const loss = () => {
      throw new Error("no loss today");
    };
    const run = ga.startTraining(model, samples, { ...options, loss });
    run.on("end", ({ status }) => ended.push(status));
    await assert.rejects(run.finished, /no loss today/);
    assert.deepEqual([run.status, ended], ["failed", ["failed"]]);
    assert.equal((await ga.startTraining(model, samples, options).finished).status, "finished");
  });

  test("a listener of the end may train on", async () => {
    const [model, samples] = [network(), await data()];
    const run = ga.startTraining(model, samples, options);
    const next = new Promise<Run>((settle) =>
      run.on("end", () => settle(ga.startTraining(model, samples, options).finished)),
    );
    assert.equal((await next).status, "finished");
  });
});
