/*
 * What stands in front of a function's options: every public function that needs an argument is given what none of them
 * takes, and has to say so in words of its own, before it does anything. A new function is tried by itself.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as ga from "../../src";
import * as advanced from "../../src/advanced";

type Call = (given: unknown) => unknown;

/** What no function takes as its first argument, and what one may take that needs a list, an object or a text. */
const WRONG: readonly unknown[] = [null, NaN, true, 5n, Promise.resolve(1)];
const WRONG_FOR_MOST: readonly unknown[] = [undefined, 5, "", [null], new Date(0)];

/** Words of the engine's, or of a library's, about something that the caller has never heard of. */
const RAW =
  /Cannot (read|convert|set|destructure|use|mix)|is not (a function|iterable|defined)|argument must be|Invalid array length|cannot be converted|object null|must be of type|private (field|member)|Something went wrong|^E[A-Z]+:/i;

/** Functions that need no argument: options alone, or a value by default. */
const NEEDS_NONE: ReadonlySet<string> = new Set([
  ...["enableOpDeterminism", "publishedRemarks", "install", "closeExporter", "clearOutput", "dataFolder", "doctor"],
  ...["canExport", "thisMachine", "isDeterministic"],
  // Their whole argument is options or a recipe, which every-option.test.ts tries.
  ...["vgg08", "vgg38", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101", "batchNormalization", "embedded"],
  ...["orthogonal", "deltaOrthogonal", "groupNormalization"],
  ...["adam", "adamw", "lion", "rmsprop", "sgd", "earlyStopping"],
]);

/** What is typed or waited for. */
const WAITS: ReadonlySet<string> = new Set(["input"]);

/** Functions of any value or of none that is looked at. */
const TAKES_ANYTHING: ReadonlySet<string> = new Set([
  "show",
  "graph.TraceError",
  "advanced.NotebookError",
  "advanced.LeaseLostError",
  "advanced.RunHeldError",
]);

const rooms: Readonly<Record<string, object>> = {
  "": ga,
  "figure.": ga.figure,
  "table.": ga.table,
  "statistics.": ga.statistics,
  "graph.": ga.graph,
  "advanced.": advanced,
};

function publicFunctions(): [name: string, call: Call][] {
  const seen = new Set<unknown>();
  return Object.entries(rooms).flatMap(([room, names]) =>
    Object.entries(names).flatMap(([name, value]: [string, unknown]): [string, Call][] => {
      if (typeof value !== "function" || seen.has(value)) return [];
      seen.add(value);
      const isClass = /^class\b/.test(Function.prototype.toString.call(value));
      return [[room + name, (given) => (isClass ? (Reflect.construct(value, [given]) as unknown) : (value as Call)(given))]]; // prettier-ignore
    }),
  );
}

/** What came of a call: the error, or what it gave. */
async function outcome(call: Call, given: unknown): Promise<{ error: unknown } | { value: unknown }> {
  try {
    return { value: await call(given) };
  } catch (error) {
    return { error };
  }
}

const functions = publicFunctions().filter(([name]) => !NEEDS_NONE.has(name.replace(/^.*\./, "")) && !WAITS.has(name)); // prettier-ignore

test("public functions are found", () => {
  assert.ok(functions.length > 120, `${functions.length} functions`);
});

for (const [name, call] of functions.filter(([each]) => !TAKES_ANYTHING.has(each)))
  test(`${name} refuses what it cannot take`, { timeout: 20_000 }, async () => {
    const home = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "arguments-"));
    process.chdir(folder);
    try {
      for (const given of [...WRONG, ...WRONG_FOR_MOST]) {
        const found = await outcome(call, given);
        const words = `${name}(${given instanceof Promise ? "a Promise" : String(given)})`;
        if (!("error" in found)) {
          assert.ok(WRONG_FOR_MOST.includes(given), `${words} was accepted`);
          continue;
        }
        assert.ok(found.error instanceof Error, words);
        assert.doesNotMatch(found.error.message, RAW, words);
        assert.ok(found.error.message.length > 10, words);
      }
      assert.deepEqual(readdirSync(folder), [], `${name} wrote files`);
    } finally {
      process.chdir(home);
    }
  });

/** What stands before an argument that is no options: whatever the functions take, made once. */
const { tf } = ga;
const data = ga.embedded({ train: 20, validation: 10, test: 10 });
const image = ga.vgg08({ classes: 10, width: 4 });
const rows = [{ seed: 0 }, { seed: 1 }];
const stage = { end: 2, learningRate: 0.1, ampRatio: 0, ampFactor: 1 };
const trial = ga.reproductionTrials("vgp", { scale: "demo" })[0]!;
const interval = { low: 0, high: 1, mean: 0.5, runs: 3 };

/** Arguments that are right, as many as stand before the last one that is looked at. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  epochPlan: [10],
  evaluationBatch: [data, data.validation, tf.tensor1d([0, 1], "int32")],
  trainingBatch: [data, tf.tensor2d([[0, 0, 0, 0]]), tf.tensor1d([0], "int32")],
  train: [image, data],
  evaluate: [image, data, data.test],
  keyed: ["a key", () => 1],
  predict: [image, data, data.test],
  startTraining: [image, data],
  amplify: [image, { group: "relu" }],
  group: [image, "relu"],
  scaleGradient: [tf.scalar(1), tf.scalar(2)],
  selectLayers: [["a", "b"], 0.5, 1],
  selectByDirectionality: [[{ layer: "a", ratio: 1 }], { sides: "one", threshold: 1 }],
  notebookHtml: [{ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }, "a name"],
  saveRun: [{ name: "a", model: "m", parameters: 1, dataset: "d", options: {}, epochs: [], gradients: [] }, "a folder"],
  rerunTrials: [trial, [1]],
  "statistics.chanceOfGain": [0.1],
  "statistics.checkOneSetting": [rows, "rows"],
  "statistics.summariseDifference": [{ mean: 0, deviation: 1, pairs: 3 }, 0.95],
  cosineRestarts: [0.1, { epochs: 2 }],
  warmUp: [0.1, { epochs: 2 }],
  exportStatic: [
    ga.figure.trainingCurves([
      {
        epoch: 1,
        learningRate: 1,
        trainLoss: 1,
        trainAccuracy: null,
        validationLoss: null,
        validationAccuracy: null,
        testLoss: null,
        testAccuracy: null,
        seconds: 1,
        imagesPerSecond: 1,
        amplifiedLayers: 0,
      },
    ]),
    "a.svg",
  ],
  exportRows: ["a folder", "a.csv"],
  "statistics.pairedDifference": [[{ seed: 0, value: 1 }], [{ seed: 0, value: 1 }]],
  "advanced.planTraining": [image, data],
  "statistics.judgeDifference": [interval, 1],
  "statistics.judgeNumber": [interval, { value: 1, allowed: 1 }],
  "statistics.selectOnValidation": [[{ accuracy: 1 }]],
  "advanced.scaleEnds": [[stage], 0.5],
  "advanced.selectionSize": [5, 0.5],
  "advanced.stratifiedSplit": [[0, 1, 0, 1], [2]],
  "advanced.sparseSoftmaxCrossEntropy": [tf.tensor2d([[1, 2]]), tf.tensor1d([0], "int32")],
  "advanced.histogramQuantile": [{ zeros: 0, counts: [1, 2] }, { low: -2, high: 2 }, 0.5],
  "advanced.compact": ["a folder", "epochs"],
  "advanced.recordTraining": [image, data, {}, { folder: "a folder" }],
  "advanced.writeRunInfo": ["a folder", {}],
  "advanced.writeSegment": ["a folder", "epochs", []],
};

/** Values that a place takes though most do not: null for "no split", a number of any kind. */
const TAKEN: Readonly<Record<string, (at: number, given: unknown) => boolean>> = {
  evaluate: (at, given) => at === 2 && given === null,
};

/** Constructors of tfjs and of errors, which nobody calls by hand. */
const NOT_CALLED: ReadonlySet<string> = new Set(["Run", "SymbolicTensor", "Tensor", "advanced.NotebookError", "advanced.LeaseLostError", "advanced.RunHeldError"]); // prettier-ignore

const several = Object.entries(rooms).flatMap(([room, names]) =>
  Object.entries(names).flatMap(
    ([name, value]: [string, unknown]) =>
    typeof value === "function" && !NOT_CALLED.has(room + name) ? [[room + name, value as (...values: unknown[]) => unknown] as const] : [], // prettier-ignore
  ),
);

test("every function that needs several arguments is tried with wrong ones at each place", () => {
  const first = new Set<unknown>();
  const missing = several.filter(([name, value]) => {
    const isNew = !first.has(value);
    first.add(value);
    return isNew && value.length >= 2 && !Object.hasOwn(RIGHT, name);
  });
  assert.deepEqual(missing.map(([name]) => name), []); // prettier-ignore
});

for (const [name, call] of several.filter(([each]) => Object.hasOwn(RIGHT, each)))
  test(`${name} refuses what it cannot take at a later place`, { timeout: 20_000 }, async () => {
    const home = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "arguments-"));
    process.chdir(folder);
    try {
      const right = RIGHT[name]!;
      for (let at = 1; at < Math.max(2, right.length); at++)
        for (const given of [null, NaN, true, 5n, Promise.resolve(1), new Date(0)]) {
          if (TAKEN[name]?.(at, given)) continue;
          const found = await outcome(() => call(...right.slice(0, at), given), null);
          const words = `${name}(…, ${given instanceof Promise ? "a Promise" : String(given)}) at ${at}`;
          assert.ok("error" in found, `${words} was accepted`);
          assert.ok(found.error instanceof Error, words);
          assert.doesNotMatch(found.error.message, RAW, words);
          assert.ok(found.error.message.length > 10, words);
        }
      assert.deepEqual(readdirSync(folder), [], `${name} wrote files`);
    } finally {
      process.chdir(home);
    }
  });
