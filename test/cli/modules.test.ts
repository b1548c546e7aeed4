import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readRun, readRunInfo } from "../../src/runs";
import { numbers } from "../runs/recording/support";
import { temporaryFolder } from "../runs/support";
import { runNode } from "../support/run-node";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");
const folder = temporaryFolder({ after } as never);
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => (writeFileSync(at(name), text), at(name));
const run = (...words: string[]) => runNode([gradamp, ...words], { cwd: folder });

write("block.ts", `import * as ga from "gradamp";
export interface Options { classes: number; inputShape: number[]; seed: number; units?: number }
export const dense = (units: number, seed: number) =>
  ga.tf.layers.dense({ units, activation: "relu", kernelInitializer: ga.tf.initializers.heNormal({ seed }) });`); // prettier-ignore
const model = write("my-model.ts", `import * as ga from "gradamp";
import { dense, type Options } from "./block.js";
class Twice extends ga.tf.layers.Layer {
  static override className = "Twice";
  override call(inputs: ga.Tensor | ga.Tensor[]) { return ga.tf.mul(Array.isArray(inputs) ? inputs[0]! : inputs, 2); }
}
export default async ({ classes, inputShape, seed, units = 4 }: Options) => ga.tf.sequential({ layers: [
  ga.tf.layers.flatten({ inputShape }), dense(units, seed), new Twice({}), dense(classes, seed + 1) ] });`); // prettier-ignore
write("my-data.mjs", `import * as ga from "gradamp";
export default ({ train = 40 }) => ga.embedded({ train, validation: 10, test: 10 });`); // prettier-ignore
const small = ["--model", "./my-model.ts", "--data", "./my-data.mjs", "--epochs", "2", "--batch-size", "20", "--engine", "eager", "--progress", "none"]; // prettier-ignore

describe("a model and data by modules of one's own", () => {
  test("train, stopped and resumed to the same numbers; path, options and hash are in run.json", () => {
    for (const [name, words] of [
      ["whole", []],
      ["stopped", ["--until", "1"]],
    ] as const) {
      const { status, stderr } = run("train", ...small, "--run", at(name), "--model-options", '{"units":5}', ...words);
      assert.equal(status, 0, stderr);
    }
    const resumed = run("train", "--resume", at("stopped"), "--progress", "none");
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(numbers(readRun(at("stopped"))), numbers(readRun(at("whole"))));
    const { module, source, name } = readRunInfo(at("whole"));
    assert.deepEqual([module?.module, module?.options], [model, { classes: 10, inputShape: [32, 32, 3], seed: 0, units: 5 }]); // prettier-ignore
    assert.match(module!.hash!, /^[0-9a-f]{16}$/);
    assert.deepEqual([source?.name, source?.options["module"], name], ["module", at("my-data.mjs"), "my-model"]);
  });

  test("in a configuration, whose folder paths start from, and in a sweep's file", () => {
    const trial = { model: { module: "./my-model.ts", options: { units: 5 } }, data: "./my-data.mjs", epochs: 2, batchSize: 20, engine: "eager" }; // prettier-ignore
    write("config.json", JSON.stringify(trial));
    const { status, stderr } = runNode([gradamp, "train", "--config", at("config.json"), "--run", at("configured"), "--progress", "none"]); // prettier-ignore
    assert.equal(status, 0, stderr);
    assert.deepEqual(numbers(readRun(at("configured"))), numbers(readRun(at("whole"))));

    write("sweep.json", JSON.stringify({ base: trial, vary: { "model.options.units": [5, 6] } }));
    const sweep = run("sweep", "sweep.json", "--jobs", "1", "--json");
    assert.equal(sweep.status, 0, sweep.stderr);
    const { trials } = JSON.parse(sweep.stdout) as { trials: { folder: string; status: string }[] };
    assert.deepEqual(trials.map(({ status: state }) => state), ["done", "done"]); // prettier-ignore
    assert.deepEqual(numbers(readRun(at(join("runs/sweep", trials[0]!.folder)))), numbers(readRun(at("whole"))));
  });

  test("a module that has changed is refused when a run goes on, and named", () => {
    const { status, stderr } = run("train", ...small, "--run", at("changed"), "--until", "1");
    assert.equal(status, 0, stderr);
    const before = readFileSync(at("block.ts"), "utf8");
    write("block.ts", before.replace("relu", "tanh"));
    for (const words of [
      ["--resume", at("changed"), "--progress", "none"],
      [...small, "--run", at("changed")],
    ]) {
      const refused = run("train", ...words);
      assert.equal(refused.status, 2, refused.stderr);
      assert.match(refused.stderr, new RegExp(`${model}, with the files that it imports, to be as it was when the run .*began but found it changed`)); // prettier-ignore
    }
    write("block.ts", before);
    assert.equal(run("train", "--resume", at("changed"), "--progress", "none").status, 0);
  });

  for (const [words, message] of [
    [["--model", "./nowhere.ts", "--data", "embedded"], /a module at .*nowhere\.ts but found no such file/],
    [["--model", "./my-data.mjs", "--data", "embedded"], /my-data\.mjs to give a model, as of ga\.vgg08 or tf\.sequential, but found/], // prettier-ignore
    [["--model", "vgg08", "--data", "./my-model.ts"], /./],
    [["--model", "./my-model.ts", "--data", "embedded", "--width", "4"], /Expected --model-options with .*my-model\.ts but found --width/], // prettier-ignore
    [["--model", "./my-model.ts", "--data", "embedded", "--model-options", "5"], /model\.options to be an object of options but found 5/], // prettier-ignore
  ] as const)
    test(`${words.join(" ")} is refused`, () => {
      const { status, stderr } = run("train", ...words, "--run", at("wrong"));
      assert.match(stderr, message);
      assert.ok(status === 1 || status === 2);
      assert.equal(existsSync(at("wrong/run.json")), false);
    });
});
