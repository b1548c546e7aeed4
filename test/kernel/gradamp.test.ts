import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { Session } from "./session";

const native = nativeBackend() !== null;
const data = "const data = ga.embedded({ train: 40, validation: 20, test: 20 });";
const model = "const model = ga.vgg08({ classes: 10, width: 4 });";

describe("gradamp in a notebook outside its folder", () => {
  let session: Session;
  before(async () => {
    session = await Session.start();
    const { status } = await session.run('import * as ga from "gradamp"; const tf = ga.tf;');
    assert.equal(status, "ok");
  });
  after(() => session.close());

  test("is found, with the packages it stands on, and they are the same ones", async () => {
    const { result, error } = await session.run(
      'import { ColumnTable, table } from "arquero";\nconst t: ColumnTable = table({ a: [1, 2] });\n[t instanceof ColumnTable, ga.published("ga") instanceof ColumnTable, require("danfojs-node").tensorflow === tf]',
    );
    assert.equal(error, null);
    assert.equal(result, "[ true, true, true ]");
  });

  test("completes its names and options, and shows their documentation", async () => {
    const complete = async (code: string) =>
      (await session.client.request("complete_request", { code, cursor_pos: code.length }))?.matches as string[];
    assert.ok((await complete("ga.startT")).includes("startTraining"));
    assert.deepEqual((await complete("ga.vgg08({ clas")).slice(0, 1), ["classes"]);
    const code = "ga.embedded";
    const found = (await session.client.request("inspect_request", { code, cursor_pos: code.length })) as {
      data: Record<string, string>;
    };
    assert.match(found.data["text/plain"] ?? "", /^function embedded\(/);
    assert.match(
      found.data["text/markdown"] ?? "",
      /^```typescript\nfunction embedded\([\s\S]*\*\*Example\*\*\n\n```typescript\n/,
    );
  });

  test("answers a wrong option with a readable type error", async () => {
    const { error } = await session.run("ga.train(ga.vgg08(), ga.embedded(), { epoch: 3 })");
    assert.equal(error?.ename, "TypeScriptError");
    assert.match(error?.traceback ?? "", /'epoch' does not exist in type .*Did you mean to write 'epochs'\?/);
  });

  test("shows tables, frames, tensors, models and runs, as last value and by .show()", async () => {
    const cases: [string, RegExp][] = [
      ["t", /^a\n─\n1\n2$/],
      ["ga.show(t); 0", /^a\n─\n1\n2$/],
      ["t.show(); 0", /^a\n─\n1\n2$/],
      ["ga.table.toDanfo(t)", /^a\n─\n1\n2$/],
      ["tf.tensor2d([[1, 2], [3, 4]])", /^Tensor \[2, 2\] float32\n1 {2}2\n3 {2}4$/],
      ["tf.range(0, 20).show(); 0", /^Tensor \[20\] float32\n0, 1, .*, 11, …$/],
      ["tf.variable(tf.scalar(1), true, 'scale')", /^Variable scale \[\] float32\n1$/],
      [`${model}\nmodel`, /Total params: /],
      ["model.show(); 0", /Total params: /],
      ["ga.figure.accuracyBars([{ name: 'a', accuracy: 0.5 }])", /^Figure "Test accuracy"/],
    ];
    for (const [code, expected] of cases) {
      const { texts, error } = await session.run(code);
      assert.equal(error, null, code);
      assert.ok(
        texts.some((text) => expected.test(text)),
        `${code} shows ${JSON.stringify(texts)}`,
      );
    }
    const { texts } = await session.run("tf.tidy(() => tf.ones([30, 30]).show()); 0");
    assert.match(texts[0] ?? "", /^Tensor \[30, 30\] float32\n(1 {2}){5}… {2}(1 {2}){4}1\n/);
  });

  test("is interrupted at a step's end: the run is there, and no other one begins", { skip: !native }, async () => {
    await session.run(data);
    const { error } = await session.interrupted(
      `setTimeout(() => console.log("on"), 500);
      const runs: ga.Run[] = [];
      for (const seed of [1, 2]) {
        ${model}
        runs.push(await ga.train(model, data, { seed, epochs: 100_000, batchSize: 20, progress: false }));
      }`,
    );
    assert.equal(error?.ename, "Interrupted");
    assert.equal((await session.run("runs.map(run => run.status)")).result, "[ 'interrupted' ]");
  });

  test("is interrupted by the second of two without waiting", { skip: !native }, async () => {
    const { error } = await session.interrupted(
      `setTimeout(() => console.log("on"), 500);
      ${model}
      await ga.train(model, data, { epochs: 100_000, batchSize: 20, progress: false });`,
      () => Promise.all([session.client.interrupt(), session.client.interrupt()]),
    );
    assert.equal(error?.ename, "Interrupted");
    assert.equal((await session.run("tf.scalar(2).add(1).dataSync()[0]")).result, "3");
  });

  test(
    "keeps the names of layers and weights, and memory flat, when a cell runs again",
    { skip: !native },
    async () => {
      const cell = [
        data,
        model,
        "const own = tf.sequential({ layers: [tf.layers.dense({ units: 30, inputShape: [40] }), tf.layers.dense({ units: 3 })] });",
        "own.build();",
        'const scale = tf.variable(tf.ones([10]), true, "named");',
        "const run = await ga.train(model, data, { epochs: 1, batchSize: 20 });",
        "const sloppy = tf.ones([100, 100]).add(1);",
      ].join("\n");
      const state = async () =>
        (
          await session.run(
            "[own.layers.map(layer => layer.name), own.weights[0].name, model.weights[0].name, tf.memory().numTensors, tf.memory().numBytes]",
          )
        ).result;
      const states: (string | null)[] = [];
      for (let round = 0; round < 4; round++) {
        const { error } = await session.run(cell);
        assert.equal(error, null);
        states.push(await state());
      }
      assert.match(states[1] ?? "", /'input_conv_conv_0\/kernel'/);
      assert.deepEqual(states.slice(2), [states[1], states[1]]);
    },
  );

  test("keeps what a variable still leads to when a cell runs again", { skip: !native }, async () => {
    await session.run("const kept: ga.LayersModel[] = [];");
    for (let round = 0; round < 3; round++)
      await session.run(
        "const made = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] }); made.build(); kept.push(made);",
      );
    const { result } = await session.run(
      "[new Set(kept.map(each => each.layers[0]!.name)).size, kept.every(each => (each.predict(tf.ones([1, 2])) as ga.Tensor).shape[1] === 1)]",
    );
    assert.equal(result, "[ 3, true ]");
  });

  test("variables that a cell drops are freed after a reset of tfjs's engine, too", { skip: !native }, async () => {
    await session.run('tf.engine().reset(); await tf.setBackend("tensorflow");');
    const counts: (string | null)[] = [];
    for (let round = 0; round < 4; round++) {
      const { error } = await session.run("const weight = tf.variable(tf.ones([1000])); weight.assign(weight.add(1));");
      assert.equal(error, null);
      counts.push((await session.run("tf.memory().numTensors")).result);
    }
    assert.deepEqual(counts.slice(2), [counts[1], counts[1]]);
  });
});
