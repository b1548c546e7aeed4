/** Errors of a training say whose they are: which layer, which loss, which input, what was freed. */
import assert from "node:assert/strict";
import * as ga from "../../src/index";
import { type Tensor, tf } from "../../src/tensorflow";
import { graphTest as test } from "../support/graph-test";

class OwnLayer extends tf.layers.Layer {
  constructor(
    name: string,
    readonly compute: (x: Tensor) => Tensor,
  ) {
    super({ name });
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return this.compute([inputs].flat()[0] as Tensor);
  }

  static get className(): string {
    return "OwnLayer";
  }
}

const samples = () =>
  ga.dataset({ train: { inputs: tf.zeros([8, 4]), targets: [0, 1, 2, 0, 1, 2, 0, 1] }, classes: 3 });
const modelWith = (compute: (x: Tensor) => Tensor, name = "own") =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [4] }),
      new OwnLayer(name, compute),
      tf.layers.dense({ units: 3 }),
    ],
  });
const nested = (compute: (x: Tensor) => Tensor) => {
  const inside = tf.sequential({ name: "inside", layers: [tf.layers.dense({ units: 4, inputShape: [4] }), new OwnLayer("deep", compute)] }); // prettier-ignore
  return tf.sequential({ layers: [inside, tf.layers.dense({ units: 3 })] });
};
const train = (model: ga.LayersModel, data: ga.Dataset, options: ga.TrainOptions = {}) =>
  ga.train(model, data, { epochs: 1, measure: null, progress: false, ...options });

test("a layer that cannot be traced is named, in nested models with its path", async () => {
  const data = await samples();
  const reads = (x: Tensor) => x.mul(x.dataSync()[0]! > 0 ? 1 : 2);
  await assert.rejects(train(modelWith(reads), data), /^TraceError: Layer own: .* is read .*\(engine: "eager"\)$/);
  await assert.rejects(train(nested(reads), data), /^TraceError: Layer inside\/deep: /);
  const counts = (x: Tensor) => x.mul(tf.unique(x.flatten()).values.size);
  await assert.rejects(train(modelWith(counts, "counting"), data), /^TraceError: Layer counting: .*UniqueV2/);
  const draws = (x: Tensor) => x.mul(Math.random());
  await assert.rejects(train(modelWith(draws), data), /^TraceError: Layer own: .*Math\.random/);
  const throws = () => {
    throw new Error("Nothing works today");
  };
  for (const engine of ["graph", "eager"] as const)
    await assert.rejects(train(modelWith(throws), data, { engine }), /^Error: Layer own: Nothing works today$/);
  await assert.rejects(ga.predict(modelWith(reads), data, data.train), /Layer own: /);
  await assert.rejects(ga.evaluate(modelWith(reads), data, data.train), /Layer own: /);
  const run = await train(modelWith(reads), data, { engine: "eager" });
  assert.equal(run.status, "finished");
  data.dispose();
});

test("a loss or a layer without gradient is named, and so is its operation", async () => {
  const data = await samples();
  const plain = () => modelWith((x) => x.clone());
  for (const engine of ["graph", "eager"] as const) {
    const cumulative = (prediction: Tensor | Tensor[]) => tf.cumprod(prediction as Tensor, 1).mean();
    await assert.rejects(
      train(plain(), data, { engine, loss: cumulative as never }),
      /^TypeError: Expected loss cumulative to be made of operations that have a gradient but found Cumprod/,
    );
    const products = (x: Tensor) => tf.einsum("ij,kj->ik", x, tf.ones([4, 4]));
    await assert.rejects(train(modelWith(products), data, { engine }), /^TypeError: Expected layer own to be made of .*Einsum/); // prettier-ignore
    const constant = () => tf.scalar(1);
    await assert.rejects(train(plain(), data, { engine, loss: constant }), /Expected loss constant to depend on the outputs/); // prettier-ignore
    const peeking = (prediction: Tensor | Tensor[]) => {
      (prediction as Tensor).dataSync();
      throw new Error("seen");
    };
    await assert.rejects(train(plain(), data, { engine, loss: peeking }), /Loss peeking: /);
  }
  data.dispose();
});

test("a loss that is flat everywhere is refused, one that masks is not", async () => {
  const data = await samples();
  const plain = () => modelWith((x) => x.clone());
  const losses: Readonly<Record<string, readonly [(x: Tensor, y: Tensor) => Tensor, RegExp | null]>> = {
    accuracy: [(x, y) => x.argMax(1).equal(y).cast("float32").mean(), /comes of ArgMax, whose slope is zero/],
    rounded: [(x) => x.round().mean(), /comes of Round/],
    whole: [(x) => x.toInt().toFloat().mean(), /comes of Cast/],
    counted: [(x) => x.greater(0).cast("float32").mean(), /comes of Greater/],
    masked: [(x) => x.greater(0).cast("float32").mul(x).mean(), null],
    chosen: [(x) => tf.where(x.greater(0), x.square(), x).mean(), null],
    largest: [(x) => tf.topk(x, 1).values.mean(), null],
    itself: [(x) => x, null],
  };
  for (const [name, [loss, error]] of Object.entries(losses)) {
    const run = train(plain(), data, { loss: loss as never });
    if (error) await assert.rejects(run, error, name);
    else assert.equal((await run).status, "finished", name);
  }
  data.dispose();
});

test("a missing input is named, and one too many is told", async () => {
  const image = tf.input({ shape: [4], name: "image" });
  const side = tf.input({ shape: [2], name: "side" });
  const two = tf.model({
    inputs: [image, side],
    outputs: tf.layers.dense({ units: 3 }).apply(tf.layers.concatenate().apply([image, side])) as never,
  });
  const data = await samples();
  const missing = /Expected samples for the 2 inputs of .* \(image of shape \[4\], side of shape \[2\]\) but data set dataset has 1 \(\[4\]\): side of shape \[2\] is missing/; // prettier-ignore
  await assert.rejects(train(two, data), missing);
  await assert.rejects(ga.evaluate(two, data, data.train), missing);
  await assert.rejects(ga.predict(two, data, data.train), missing);
  const targets = [0, 1, 2, 0];
  const both = await ga.dataset({ train: { several: [tf.zeros([4, 4]), tf.zeros([4, 2])], targets }, classes: 3 });
  await assert.rejects(
    train(
      modelWith((x) => x),
      both,
    ),
    /the one input .* has 2 \(\[4\], \[2\]\)/,
  );
  const odd = await ga.dataset({ train: { several: [tf.zeros([4, 4]), tf.zeros([4, 3])], targets }, classes: 3 });
  await assert.rejects(train(two, odd), /Expected samples of shape \[2\] for .*'s input side but data set dataset has \[3\]/); // prettier-ignore
  await assert.rejects(ga.evaluate(two, both, "train" as never), /found "train": pass data\.train/);
  for (const each of [data, both, odd]) each.dispose();
});

test("after tf.engine().reset() old data sets and old models are refused, new ones train", async () => {
  const [data, model] = [await samples(), modelWith((x) => x.clone())];
  tf.engine().reset();
  const [newData, newModel] = [await samples(), modelWith((x) => x.clone())];
  const lost = /Expected data set dataset to hold samples but they are gone: tf\.engine\(\)\.reset\(\)/;
  await assert.rejects(train(newModel, data), lost);
  await assert.rejects(ga.evaluate(newModel, data, data.train), lost);
  const freed =
    /Expected model .* to have its weights but .*kernel was freed, by dispose or by tf\.engine\(\)\.reset\(\)/;
  await assert.rejects(train(model, newData), freed);
  await assert.rejects(ga.predict(model, newData, newData.train), freed);
  assert.equal((await train(newModel, newData)).status, "finished");
  newModel.dispose();
  await assert.rejects(train(newModel, newData), freed);
  newData.dispose();
});
