import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { Session } from "./session";

describe("long work on the device", { skip: nativeBackend() === null && "needs native TensorFlow" }, () => {
  let session: Session;
  before(async () => {
    session = await Session.start();
    const { error } = await session.run('import * as ga from "gradamp";\nconst { tf } = ga;');
    assert.equal(error, null);
  });
  after(() => session.close());

  test("a step of ResNet-50 is interrupted at its end, twice in a row, with finite weights", async () => {
    await session.run(
      "const data = ga.embedded({ train: 64, validation: 16, test: 16 }); const network = ga.resnet50({ classes: 10 });",
    );
    await session.run("const runs: ga.Run[] = [];");
    for (let round = 0; round < 2; round++) {
      let asked = 0;
      const { error } = await session.interrupted(
        'setTimeout(() => console.log("on"), 3000);\nruns.push(await ga.train(network, data, { epochs: 1000, batchSize: 16, progress: false }));',
        () => {
          asked = performance.now();
          return session.client.interrupt();
        },
      );
      console.log(`ResNet-50 interrupted: after ${((performance.now() - asked) / 1000).toFixed(2)} s`);
      assert.equal(error?.ename, "Interrupted");
      const { result } = await session.run(
        "[runs.at(-1)!.status, runs.length, network.getWeights().every((weight) => weight.isFinite().all().dataSync()[0] === 1)]",
      );
      assert.equal(result, `[ 'interrupted', ${round + 1}, true ]`);
    }
  });

  test("a training cell that runs twenty times leaves memory and names as they were", async () => {
    const cell = [
      "const images = ga.embedded({ train: 200, validation: 60, test: 60 });",
      "const model = ga.vgg38({ classes: 10, width: 8, batchNorm: true, residual: true });",
      "const own = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });",
      "own.build();",
      "const run = await ga.train(model, images, { epochs: 1, batchSize: 50, progress: false });",
      "ga.figure.gradientFlow(run)",
    ].join("\n");
    const states: { names: string; tensors: number; bytes: number; resident: number }[] = [];
    for (let round = 0; round < 20; round++) {
      const { error } = await session.run(cell);
      assert.equal(error, null);
      const { result } = await session.run(
        "JSON.stringify({ names: [own.layers[0]!.name, own.weights[0]!.name, model.weights[0]!.name].join(), tensors: tf.memory().numTensors, bytes: tf.memory().numBytes, resident: process.memoryUsage().rss })",
      );
      states.push(JSON.parse(result ?? "") as (typeof states)[number]);
    }
    const megabytes = states.map(({ resident }) => Math.round(resident / 1e6));
    console.log(`resident after each run, in MB: ${megabytes.join(" ")}`);
    // The first runs make what stays: compiled functions, TensorFlow's pools.
    const settled = states.slice(2);
    for (const { names, tensors, bytes } of settled)
      assert.deepEqual([names, tensors, bytes], [settled[0]?.names, settled[0]?.tensors, settled[0]?.bytes]);
    const mean = (some: number[]) => some.reduce((sum, value) => sum + value, 0) / some.length;
    const [early, late] = [mean(megabytes.slice(5, 10)), mean(megabytes.slice(15, 20))];
    assert.ok(late < early + 50, `from ${early} MB in runs 6 to 10 to ${late} MB in runs 16 to 20`);
  });
});
