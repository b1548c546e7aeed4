import assert from "node:assert/strict";
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { Command } from "commander";
import { addTrainFlags, givenOptions, renamed, TRIAL_FLAGS } from "../../src/cli/train/flags";
import { type CompleteTrial, trialOfFlags } from "../../src/cli/train/trial-of-flags";
import { readSweepFile } from "../../src/cli/sweep/read-sweep-file";
import { tupleOf } from "../../src/experiments/trial-key";
import { readRunInfo } from "../../src/runs";
import { checkTrial, TRIAL, type TrialGiven } from "../../src/spec";
import { Sweep } from "../../src/sweeps";
import { temporaryFolder } from "../runs/support";
import { runNode } from "../support/run-node";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");
const folder = temporaryFolder({ after } as never);
const command = () => addTrainFlags(new Command("train").exitOverride().configureOutput({ writeErr: () => undefined }));
const parsed = (words: readonly string[]) => renamed(givenOptions(command().parse([...words], { from: "user" })));
const resolve = (words: readonly string[], config: TrialGiven = {}): CompleteTrial => trialOfFlags(parsed(words), config); // prettier-ignore
const base = ["--model", "vgg08", "--data", "embedded"];
const staged = { stages: { list: [[1, 0.1, 0, 1], [3, 0.1, 0.5, 2]], group: "bn" } } as unknown as TrialGiven; // prettier-ignore
const intelligent = ["--directionality", "G", "--threshold", "1"];

/** Of flags that need others, the words before; of those whose value no guess hits, a value that changes what is trained. */
const SAMPLES: Readonly<Record<string, readonly [context: readonly string[], value?: string]>> = {
  "--from": [[], "runs/a@3"],
  "--model": [[], "resnet18"],
  "--model-options": [[], '{"width":4}'],
  "--data-options": [["--data", gradamp], '{"a":1}'],
  "--initializer": [[], "heNormal"],
  "--activation": [[], "elu"],
  "--pre-activation": [["--model", "vgg38-rc"]],
  "--input-shape": [[], "16,16,3"],
  "--data": [[], "embedded-100"],
  "--split": [["--data", "cifar-10"], "2000"],
  "--data-dir": [["--data", "cifar-10"], "elsewhere"],
  "--data-labels": [["--data", "cifar-100"], "coarse"],
  "--data-classes": [[], "100"],
  "--augmentation-flip": [["--no-augmentation-flip"]],
  "--normalisation-mean": [["--normalisation-std", "1,1,1"], "0,0,0"],
  "--normalisation-std": [["--normalisation-mean", "0,0,0"], "1,1,1"],
  "--learning-rate": [[], "cosine(0.1, min 0.01)"],
  "--loss": [[], "crossEntropy(labelSmoothing 0.1)"],
  "--loss-weights": [[], "0.5"],
  "--augment": [[], "mixup,cutout"],
  "--metrics": [[], "f1,topK(k 3)"],
  "--select-by": [["--metrics", "f1"], "validationF1"],
  "--stop-on": [[], "trainLoss"],
  "--class-weights": [[], "balanced"],
  "--strategy": [["--group", "bn"], "S1_0.5"],
  "--stages": [["--group", "bn"], "[(2, 0.1, 0, 1), (4, 0.1, 0.5, 2)]"],
  "--epoch-scale": [["--strategy", "S1_0.5", "--group", "bn"]],
  "--amp-ratio": [["--group", "bn"]],
  "--group": [["--strategy", "S1_0.5", "--group", "bn"], "relu"],
  "--amp-factor": [["--group", "bn", "--amp-ratio", "0.5"]],
  "--scope": [["--group", "bn", "--amp-ratio", "0.5"], "parameters"],
  "--directionality": [["--threshold", "1"], "GPrime"],
  "--sides": [intelligent, "both"],
  "--threshold": [["--directionality", "G"]],
  "--schedule": [intelligent, "params2"],
  "--rates": [["--strategy", "S1_0.5", "--group", "bn"], "optimizer"],
  "--reselect": [intelligent],
  "--analyse": [intelligent, "pause"],
  "--no-reset-optimizer": [intelligent],
  "--measure": [[], "norms,health"],
  "--every": [[], "log 5"],
  "--histogram-range": [[], "-40,8"],
};
/** Words that name what a flag is an option of, where that is not what there is anyway. */
function ofItsOwn(flag: string): string[] {
  const { path: [key] = [], variant } = TRIAL_FLAGS.find(({ long }) => long === flag)!.places[0]!;
  return variant && key === "optimizer" ? ["--optimizer", variant.name] : [];
}
/** Values that most flags take. */
const GUESSES = ["0.5", "3", "1,2", "true", "other"];
/** What says where and how, not what; texts that may be anything. */
const ABOUT = [
  "--run",
  "--overwrite",
  "--resume",
  "--config",
  "--progress",
  "--json",
  "--dry-run",
  "--reset-optimizer",
];
const flags = command().options.filter(({ hidden }) => !hidden);

describe("every flag", () => {
  const resolved = (words: readonly string[]): unknown => {
    try {
      return resolve([...base, ...words]);
    } catch {
      return "refused";
    }
  };
  for (const option of flags.filter(({ long }) => !ABOUT.includes(long!))) {
    const flag = option.long!;
    const [context, value] = SAMPLES[flag] ?? [ofItsOwn(flag)];
    const isWord = option.required;
    const values = value === undefined ? [...(option.argChoices ?? []), ...GUESSES] : [value];

    test(`${flag} takes effect`, () => {
      const before = resolved(context);
      const tried = isWord ? values.map((word) => [flag, word]) : [[flag]];
      const changes = tried.filter((words) => {
        const after = resolved([...context, ...words]);
        return after !== "refused" && !isDeepStrictEqual(after, before);
      });
      assert.notEqual(changes.length, 0, `none of ${values.join(" ")} after ${context.join(" ")}`);
    });

    test(`${flag}: misspelt, the right one is named`, () => {
      const at = Math.floor(flag.length / 2);
      const wrong = `${flag.slice(0, at)}${flag.slice(at + 1)}`;
      assert.throws(() => parsed([...base, wrong]), (error: Error) => error.message.includes(`Did you mean`) && error.message.includes(flag.replace("--no-", "").slice(0, 4).replace(/^-+/, ""))); // prettier-ignore
    });

    if (isWord && !["--name", "--data-dir"].includes(flag))
      test(`${flag}: a wrong value is refused`, () =>
        assert.throws(() => resolve([...base, ...context, flag, "no such word"]), /^\w*Error: /));
  }
});

describe("flags that would do nothing, or cannot be together, are refused", () => {
  for (const [words, config, message] of [
    [["--epochs", "2"], staged, /epochs to be the last stage's end, 3, but found 2/],
    [["--learning-rate", "0.05"], staged, /stages or a learning rate but found both/],
    [["--threshold", "1"], staged, /Expected --directionality with --threshold but found none/],
    [["--group", "bn", "--factor", "8"], {}, /with --group but found none: it would do nothing/],
    [["--scope", "parameters"], {}, /with --scope but found none/],
    [["--factor", "8"], {}, /with --amp-factor but found none/],
    [["--threshold", "1.5", "--sides", "both"], {}, /--directionality with --sides/],
    [["--epoch-scale", "0.1"], {}, /with --epoch-scale but found none/],
    [["--no-reset-optimizer"], {}, /with --no-reset-optimizer but found none/],
    [["--amplify", "0.5"], {}, /Expected --group with --amp-ratio/],
    [["--amplify", "0.5", "--amp-ratio", "0.4"], {}, /--amp-ratio once but found it also as --amplify/],
    [["--strategy", "S1_0.5", "--amp-ratio", "0.5"], {}, /one schedule but found --amp-ratio and --strategy/],
    [["--strategy", "S1_07", "--group", "bn"], {}, /of the form "S1_0\.7"/],
    [["--no-measure", "--every", "3"], {}, /something of measure with --every but found --no-measure/],
    [["--split", "vgp"], {}, /--split with cifar-10 or cifar-100 but found it with embedded/],
    [["--optimizer", "adam", "--momentum", "0.5"], {}, /--momentum with sgd or rmsprop but found it with adam/],
    [[], { ...staged, epochs: 5 }, /the last stage's end, 3, but found 5/],
    [[], { ...staged, learningRate: 0.1 }, /stages or a learning rate but found both/],
    [[], { engine: "eager", run: { engine: "graph" } }, /engine or run\.engine but found both/],
    [["--until", "0.5"], {}, /until to be an epoch from 1 but found 0\.5/],
  ] as [string[], TrialGiven, RegExp][])
    test(`${words.join(" ")} ${JSON.stringify(config)}`, () =>
      assert.throws(() => resolve([...base, ...words], config), message));

  test("a configuration's schedule is changed by what can change it", () => {
    const stagesOf = (...words: string[]) => resolve([...base, ...words], staged).trial.stages!;
    assert.deepEqual(stagesOf("--factor", "8").stages.map(tupleOf), [[1, 0.1, 0, 1], [3, 0.1, 0.5, 8]]); // prettier-ignore
    assert.equal(stagesOf("--group", "relu").group, "relu");
    assert.equal(stagesOf("--scope", "parameters").scope, "parameters");
    assert.equal(stagesOf("--no-reset-optimizer").resetOptimizer, false);
    assert.equal(stagesOf("--epoch-scale", "2").stages.at(-1)!.end, 6);
    assert.equal(stagesOf("--directionality", "G", "--threshold", "1").intelligent?.threshold, 1);
    assert.equal(stagesOf("--directionality", "G", "--threshold", "1").stages.at(-1)!.end, 3);
  });

  test("--amp-ratio amplifies whatever the rate does", () => {
    const { trial } = resolve([...base, "--amp-ratio", "0.5", "--group", "bn", "--learning-rate", "cosine(0.1)"]);
    assert.deepEqual([trial.stages, trial.amplify, trial.optimizer.learningRate], [null, { group: "bn", ampRatio: 0.5 }, { cosine: 0.1, min: 0 }]); // prettier-ignore
  });

  test("--resume stands alone", () => {
    for (const words of [["--epochs", "3"], ["--no-checkpoints"], ["--seed", "1"]]) {
      const { status, stderr } = runNode([gradamp, "train", "--resume", "x", ...words]);
      assert.deepEqual([status, stderr.includes(`found more (${words[0]})`)], [2, true], stderr);
    }
  });
});

describe("every key of a configuration, and of a sweep's trials", () => {
  const whole = { model: { name: "vgg08" }, dataset: { name: "embedded" } };
  for (const name of Object.keys(TRIAL)) {
    test(`${name}: misspelt, the right one is named`, () => {
      const wrong = name.slice(0, 1) + name.slice(2, 3) + name.slice(1, 2) + name.slice(3);
      assert.throws(() => checkTrial({ ...whole, [wrong === name ? `${name}x` : wrong]: 1 }), {
        name: "TypeError",
        message: new RegExp(`: did you mean ${name}\\?$`),
      });
    });
    test(`${name}: a wrong value is refused`, () => {
      const wrong = name === "name" || name === "id" || name === "part" ? 5 : { no: "such thing" };
      assert.throws(() => checkTrial({ ...whole, [name]: wrong }), /^\w*Error: Expected /);
    });
  }
  for (const [config, message] of [
    [{ model: { name: "vgg8" } }, /found "vgg8": did you mean "vgg08"\?/],
    [{ model: { name: "vgg08", options: { widht: 4 } } }, /found model\.options\.widht: did you mean width\?/],
    [{ dataset: { name: "embeded" } }, /did you mean "embedded"\?/],
    [{ dataset: { name: "embedded", trian: 4 } }, /found data\.trian: did you mean train\?/],
    [{ optimizer: { name: "sgd", momentm: 0.1 } }, /found optimizer\.momentm: did you mean momentum\?/],
    [{ validate: "epohc" }, /validate to be .* but found "epohc": did you mean "epoch"\?/],
    [{ measure: "norms" }, /measure to be an object/],
    [{ run: { chekpointEvery: 2 } }, /run\.chekpointEvery: did you mean checkpointEvery\?/],
    [{ stages: { list: [[1, 0.1, 0, 1]], gruop: "bn" } }, /stages\.gruop: did you mean group\?/],
    [{ version: 99 }, /version 3 or before but found 99/],
  ] as const)
    test(JSON.stringify(config), () => assert.throws(() => checkTrial({ ...whole, ...config }), message));

  const file = (content: unknown) => {
    const path = join(folder, "sweep-file.json");
    writeFileSync(path, JSON.stringify(content));
    return readSweepFile(path);
  };
  for (const [content, message] of [
    [{ base: whole, vary: { seeed: [1, 2] } }, /Trial 1: .*found seeed: did you mean seed\?/],
    [{ base: whole, vary: { "dataset.trian": [1, 2] } }, /Trial 1: .*did you mean train\?/],
    [{ base: { ...whole, batchsize: 4 }, vary: { seed: [1] } }, /did you mean batchSize\?/],
    [[{ ...whole, run: { keep: [1] } }], /without run\.keep, which the sweep decides itself/],
    [[{ ...whole, from: "a@1" }], /without from, which the sweep decides itself/],
    [{ protocol: { paper: "ga", prat: "s2" } }, /protocol\.prat: did you mean part\?/],
    [{ version: 4, trials: [whole] }, /version 3 or before but found 4/],
  ] as const)
    test(JSON.stringify(content), () => assert.rejects(file(content), message));

  test("engine and precision of a sweep's trials take effect", async () => {
    const [trial] = await file([{ ...whole, engine: "eager", run: { onNonFinite: "record" } }]);
    assert.deepEqual([trial?.engine, trial?.onNonFinite], ["eager", "record"]);
  });
});

describe("a wish is understood without TensorFlow", () => {
  const hook = join(folder, "no-tensorflow.cjs");
  writeFileSync(
    hook,
    `const { Module } = require("node:module"); const load = Module._load;
Module._load = function (name, ...rest) {
  if (name.startsWith("@tensorflow")) throw new Error("TensorFlow was loaded");
  return load.call(this, name, ...rest);
};`,
  );
  const run = (...words: string[]) => runNode(["--require", hook, gradamp, ...words]);
  for (const [words, status] of [
    [["train", "--help"], 0],
    [["train", ...base, "--strategy", "S1_0.5", "--group", "bn", "--dry-run"], 0],
    [["train", ...base, ...intelligent, "--dry-run"], 0],
    [["train", ...base, "--batchsize", "3"], 2],
    [["train", "--model", "vgg09", "--data", "embedded"], 2],
  ] as const)
    test(words.join(" "), () => {
      const found = run(...words);
      assert.deepEqual([found.status, found.stderr.includes("TensorFlow was loaded")], [status, false], found.stderr);
    });

  test("--dry-run shows a configuration that means the same", () => {
    const words = [...base, "--strategy", "S2_0.3_0.5", "--group", "bn", "--epoch-scale", "0.1", "--seed", "4"];
    const shown = JSON.parse(run("train", ...words, "--dry-run").stdout) as TrialGiven;
    assert.deepEqual(resolve([], shown).trial, resolve(words).trial);
  });
});

test("a sweep that version 1 began goes on: what is done is not done again", () => {
  const out = join(folder, "sweep");
  cpSync(join(__dirname, "..", "..", "..", "test", "fixtures", "version-1", "sweep"), out, { recursive: true });
  const stem = "stems/vgg08-embedded-1-1-1b36088b";
  const states = () => new Sweep(out).plan().tasks.map((task) => [task.folder, new Sweep(out).state(task).status]);
  const ids = [1, 2].map((number) => `runs/vgg08-embedded-amplified-1-${number}`);
  assert.deepEqual(states(), [[stem, "done"], [ids[0], "done"], [ids[1], "absent"]]); // prettier-ignore
  const { status, stderr } = runNode([gradamp, "sweep", out, "--jobs", "1"]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(states(), [[stem, "done"], [ids[0], "done"], [ids[1], "done"]]); // prettier-ignore
  assert.equal(readRunInfo(join(out, stem)).sessions?.length, 1);
  assert.ok(existsSync(join(out, ids[1]!, "epochs")));
});
