import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sharedPrefixes, type TrialSpec } from "../../src/experiments";
import { readTrial } from "../../src/spec";

const model = { name: "vgg08", options: { width: 4 } };
const embedded = { name: "embedded", classes: 10, augmentation: null, train: 40, validation: 20, test: 20, seed: 0 };

describe("trials of version 2 are read as what they are called now", () => {
  for (const [old, now] of [
    [{ dataset: embedded }, { data: embedded }],
    [
      { dataset: embedded, learningRate: 0.2 },
      { data: embedded, optimizer: { name: "sgd", learningRate: 0.2 } },
    ],
    [
      { dataset: embedded, optimizer: { name: "adam" }, learningRate: { cosine: 0.1, min: 0 } },
      { data: embedded, optimizer: { name: "adam", learningRate: { cosine: 0.1, min: 0 } } },
    ],
    [
      { dataset: embedded, learningRate: null, stages: { list: [[1, 0.1, 0, 1], [3, 0.1, 0.5, 2]], group: "bn" } }, // prettier-ignore
      { data: embedded, stages: { stages: "[(1, 0.1, 0, 1), (3, 0.1, 0.5, 2)]", group: "bn" } },
    ],
    [
      { dataset: embedded, labels: { measure: "G" } },
      { data: embedded, labels: { directionality: "G" } },
    ],
    [{ dataset: embedded, run: { engine: "eager", keep: [1] } }, { data: embedded, engine: "eager", run: { keep: [1] } }], // prettier-ignore
    [{ dataset: "embedded" }, { data: { name: "embedded" } }],
  ])
    test(JSON.stringify(old), () => assert.deepEqual(readTrial({ model, ...old }), readTrial({ model, ...now })));

  for (const [given, message] of [
    [{ dataset: embedded, data: embedded }, /dataset or data but found both/],
    [{ data: embedded, learningRate: 1, optimizer: { name: "sgd", learningRate: 1 } }, /learningRate or optimizer\.learningRate but found both/], // prettier-ignore
    [{ data: embedded, labels: { measure: "G", directionality: "G" } }, /labels\.measure or labels\.directionality but found both/], // prettier-ignore
    [{ data: embedded, stages: { list: [], stages: [] } }, /stages\.list or stages\.stages but found both/],
  ] as const)
    test(`${JSON.stringify(given)} is refused`, () => assert.throws(() => readTrial({ model, ...given }), message));
});

test("a trial has the key that version 2 gave it", () => {
  const trial = readTrial({ model, dataset: embedded, epochs: 2, batchSize: 20, seed: 1, optimizer: { name: "adam", weightDecay: 0 }, learningRate: { cosine: 0.001, min: 0.00002 }, validate: "epoch", test: "end" }); // prettier-ignore
  assert.deepEqual(sharedPrefixes(trial as TrialSpec).map(({ key }) => key), ["1b57592abf58b053"]); // prettier-ignore
});
