/** What the papers' notebooks make of their results, at every scale, with made-up results instead of training. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import ts from "typescript";

import * as ga from "../../src";
import { Table } from "../../src/display/table";
import { joinText, parseNotebook } from "../../src/execute/notebook-format";
import type { Paper, TrialSpec } from "../../src/experiments";
import type { RunRecord } from "../../src/rows";
import { madeUpTable } from "../../src/sweeps/reproduction-power";

const folder = join(__dirname, "..", "..", "..", "notebooks");

/** A run of three epochs over a network of five layers, of which nothing was trained. */
function madeUpRun(name: string): RunRecord {
  const epochs = [1, 2, 3].map((epoch) => ({
    epoch,
    learningRate: name.includes("1e-2") ? 1e-2 : 1e-3,
    trainLoss: 2 / epoch,
    trainAccuracy: 0.3 * epoch,
    validationLoss: 2 / epoch,
    validationAccuracy: 0.25 * epoch,
    testLoss: 2 / epoch,
    testAccuracy: 0.24 * epoch,
    seconds: 1,
    imagesPerSecond: 1,
    amplifiedLayers: 2,
  }));
  const layers = ["conv_0", "bn_0", "conv_1", "bn_1", "head"];
  const gradients = epochs.flatMap(
    ({ epoch }) =>
    layers.map((layer, index) => ({ epoch, step: epoch, index, layer, weight: "kernel", size: 9, meanAbs: 10 ** -index, rawMeanAbs: 10 ** -index / 2, clippedMeanAbs: 10 ** -index })), // prettier-ignore
  );
  const directionality = epochs.flatMap(({ epoch }) =>
    layers.map((layer, index) => ({ epoch, index, layer, size: 9, G: 0.1 * index, GPrime: 0.2 * index })),
  );
  const run = { name, model: "VGG-19", parameters: 45, dataset: "cifar-10", options: {}, epochs, gradients, directionality, selections: [] }; // prettier-ignore
  return run as unknown as RunRecord;
}

/** gradamp with everything that trains, or needs CIFAR, standing still. */
function withoutTraining(paper: Paper, shown: unknown[]): object {
  class Sweep {
    readonly trials: readonly TrialSpec[];
    constructor(
      readonly folder: string,
      { trials }: { trials: readonly TrialSpec[] },
    ) {
      assert.equal(new Set(trials.map(({ id }) => id)).size, trials.length, "no trial comes twice");
      this.trials = trials;
    }
    plan = () => ({ epochs: { asked: this.trials.length, planned: this.trials.length } });
  }
  const data = { classes: 100, train: { size: 47_500 }, validation: { size: 2_500 }, test: { size: 10_000 }, dispose: () => undefined }; // prettier-ignore
  const own: Record<string, unknown> = {
    Sweep,
    trainSweep: () => Promise.resolve(),
    sweepResults: ({ trials }: Sweep) => Table.of(madeUpTable(paper, trials)),
    readRun: () => madeUpRun("VGG-19"),
    train: (_: unknown, __: unknown, { name }: { name: string }) => Promise.resolve(madeUpRun(name)),
    trialData: () => Promise.resolve(data),
    trialModel: () => ({}),
    embedded: () => data,
    watch: () => undefined,
    dispose: () => undefined,
    show: (value: unknown) => shown.push(value),
    figure: Object.fromEntries(
      Object.entries(ga.figure).map(([name, draw]) => [
        name,
        (...args: unknown[]) => {
          const figure = (draw as (...values: unknown[]) => { spec: unknown })(...args);
          return { ...figure, show: () => shown.push(figure.spec) };
        },
      ]),
    ),
  };
  return new Proxy(ga, {
    get: (of, name) => (typeof name === "string" && name in own ? own[name] : Reflect.get(of, name)) as unknown,
  });
}

async function run(name: string, paper: Paper, scale: string): Promise<{ shown: unknown[]; printed: string }> {
  const { cells } = parseNotebook(readFileSync(join(folder, `${name}.ipynb`), "utf8"), name);
  const code = cells.filter((cell) => cell.cell_type === "code").map(({ source }) => joinText(source));
  const text = code
    .join("\n")
    .replace(/^import \* as (\w+) from (".*");$/gm, "const $1 = require($2);")
    .replace(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);")
    .replace(/(const scale: .* = )"demo";/, `$1"${scale}";`);
  assert.ok(scale === "demo" || text.includes(`= "${scale}";`), "the scale is set at the top");
  const shown: unknown[] = [];
  let printed = "";
  const fake = withoutTraining(paper, shown);
  const console = { log: (...words: unknown[]) => void (printed += `${words.join(" ")}\n`) };
  const compiled = ts
    .transpileModule(`(async () => {\n${text}\n})()`, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None },
    })
    .outputText.replace(/^"use strict";\s*/, "");
  const needed = (id: string): unknown => (id === "gradamp" ? fake : require(id));
  await (new Function("require", "console", `return ${compiled}`) as (r: unknown, c: unknown) => Promise<void>)(
    needed,
    console,
  );
  return { shown, printed };
}

describe("the papers' notebooks behind their training", () => {
  const notebooks = [
    ["gradient-amplification", "ga", 8],
    ["intelligent-amplification", "iga", 6],
    ["vanishing-gradients", "vgp", 9],
  ] as const;
  for (const [name, paper, least] of notebooks)
    for (const scale of ["demo", "short", "paper"])
      test(`${name} at ${scale}`, async () => {
        const { shown, printed } = await run(name, paper, scale);
        assert.ok(shown.length >= least, `${shown.length} things shown`);
        if (paper === "vgp") return;
        assert.match(printed, /Best of \d+ by test accuracy: [+−]\d/);
        assert.match(printed, /Chosen by validation: [+−]\d\.\d+ points over [2-9] fresh seeds/);
      });
});
