import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { Session } from "./session";

const begin = 'setTimeout(() => console.log("on"), 300);';
const model = "const model = ga.vgg08({ classes: 10, width: 4, batchNorm: true });";
const long = "epochs: 100_000, batchSize: 20, progress: false";
const finite =
  "model.getWeights().every((weight) => weight.isFinite().all().dataSync()[0] === 1) && model.getWeights().length > 0";

describe("while the device works", { skip: nativeBackend() === null && "needs native TensorFlow" }, () => {
  let session: Session;
  before(async () => {
    session = await Session.start();
    const { error, stdout, stderr } = await session.run(
      'import * as ga from "gradamp";\nconst { tf } = ga;\nconst data = ga.embedded({ train: 40, validation: 20, test: 20 });\ntf.ones([8, 8]).matMul(tf.ones([8, 8])).dataSync();',
    );
    assert.deepEqual([error, stdout, stderr], [null, "", ""], "nothing of TensorFlow's log is in the cell");
  });
  after(() => session.close());

  test("heartbeat, completion and inspection answer, before the interrupt that ends it", async () => {
    let answers: unknown[] = [];
    const ask = async () => {
      answers = await Promise.all([
        session.client.heartbeat(),
        session.client.request("complete_request", { code: "ga.vgg", cursor_pos: 6 }),
        session.client.request("inspect_request", { code: "ga.train", cursor_pos: 8 }),
      ]);
      await session.client.interrupt();
    };
    const { error } = await session.interrupted(`${begin}\n${model}\nawait ga.train(model, data, { ${long} });`, ask);
    assert.equal(error?.ename, "Interrupted");
    const [, completion, inspection] = answers as [unknown, { matches: string[] }, { data: Record<string, string> }];
    assert.ok(completion.matches.includes("vgg38"));
    assert.match(inspection.data["text/markdown"] ?? "", /Trains a model, with or without amplification/);
  });

  test("a kept run is interrupted twice in a row, its weights are finite, and it goes on where it was", async () => {
    // Prints, and so is interrupted, when one more epoch has been saved.
    const later = `
      const saved = () => { try { return ga.readRun("runs/kept").epochs.length; } catch { return 0; } };
      const earlier = saved();
      const timer = setInterval(() => { if (saved() > earlier) { clearInterval(timer); console.log("on"); } }, 20);`;
    const cell = `${later}\n${model}\nawait ga.train(model, data, { ${long}, save: "runs/kept" });`;
    const epochs: number[] = [];
    for (let round = 0; round < 2; round++) {
      const { error, stderr } = await session.interrupted(cell);
      assert.deepEqual([error?.ename, stderr.includes("not heeded")], ["Interrupted", false]);
      assert.equal((await session.run(finite)).result, "true");
      const { result } = await session.run(
        'const info = JSON.parse(require("node:fs").readFileSync("runs/kept/run.json", "utf8")); [info.status, ga.readRun("runs/kept").epochs.length]',
      );
      const [, status, count] = /^\[ '(\w+)', (\d+) \]$/.exec(result ?? "") ?? [];
      assert.equal(status, "interrupted");
      epochs.push(Number(count));
    }
    assert.ok((epochs[1] ?? 0) > (epochs[0] ?? Infinity) && (epochs[0] ?? 0) > 0, String(epochs));
    const { error } = await session.interrupted(`${later}\nawait ga.resume("runs/kept");`);
    assert.equal(error?.ename, "Interrupted");
  });

  test("a loop of one's own ends at a step's end, twice in a row, and does nothing behind the cell", async () => {
    const { error } = await session.run(`
      const steps = tf.variable(tf.scalar(0));
      const state = tf.variable(tf.eye(64));
      const loop = ga.graph.loop(() => {
        state.assign(tf.matMul(state, state).div(tf.sum(state)));
        steps.assign(tf.add(steps, 1));
      });`);
    assert.equal(error, null);
    let before = 0;
    for (let round = 0; round < 2; round++) {
      const { error: interrupted, stderr } = await session.interrupted(
        `${begin}\nconst done = await loop.run({ first: 0, last: 1_000_000_000, inputs: [] });`,
      );
      assert.deepEqual([interrupted?.ename, stderr], ["Interrupted", ""]);
      const { result } = await session.run(
        "const [a] = steps.dataSync(); await new Promise((resolve) => setTimeout(resolve, 200)); [a === steps.dataSync()[0], a]",
      );
      const [, same, count] = /^\[ (\w+), (\d+) \]$/.exec(result ?? "") ?? [];
      assert.equal(same, "true");
      assert.ok(Number(count) > before);
      before = Number(count);
    }
    assert.equal((await session.run("await loop.run({ first: 0, last: 3, inputs: [] })")).result, "3");
  });

  test("tfjs's own fit ends at a batch, and does not train on behind the cell", async () => {
    await session.run(`
      const own = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
      own.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      let batches = 0;`);
    for (let round = 0; round < 2; round++) {
      const { error } = await session.interrupted(
        `${begin}\nawait own.fit(tf.ones([64, 4]), tf.ones([64, 1]), { epochs: 1_000_000, batchSize: 8, verbose: 0, callbacks: { onBatchEnd: () => void batches++ } });`,
      );
      assert.equal(error?.ename, "Interrupted");
      const { result } = await session.run(
        "const then = batches; await new Promise((resolve) => setTimeout(resolve, 300)); [then > 0, batches === then]",
      );
      assert.equal(result, "[ true, true ]");
    }
  });

  test("a process that is killed is reported with what was saved, from which the run goes on", async () => {
    const { error } = await session.run(`
      import { existsSync, readdirSync } from "node:fs";
      setInterval(() => {
        const states = "runs/killed/checkpoints";
        if (existsSync(states) && readdirSync(states).filter((name) => name.endsWith(".safetensors")).length > 1) process.kill(process.pid, "SIGKILL");
      }, 20);
      ${model}
      await ga.train(model, data, { ${long}, save: "runs/killed" });`);
    assert.equal(error?.ename, "ProcessEnded");
    assert.match(
      error?.traceback ?? "",
      /Saved before:\n[\s\S]*: [1-9]\d* epochs?; go on with ga\.resume\("runs\/killed"\)/,
    );
    await session.run('import * as ga from "gradamp";\nconst saved = ga.readRun("runs/killed").epochs.length;');
    const { error: interrupted } = await session.interrupted(`${begin}\nawait ga.resume("runs/killed");`);
    assert.equal(interrupted?.ename, "Interrupted");
    assert.equal((await session.run('ga.readRun("runs/killed").epochs.length >= saved && saved > 0')).result, "true");
  });
});
