import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../bench/measure/compare";
import type { EngineName, Precision } from "../../bench/measure/engines";
import { machine } from "../../bench/measure/machine";
import type { NetworkName } from "../../bench/measure/networks";
import { pickFastest } from "../../bench/measure/pick-fastest";
import { report } from "../../bench/measure/report";
import type { CostRow, Row } from "../../bench/measure/row";

function row(network: NetworkName, engine: EngineName, msPerStep: number, precision: Precision = "float32"): Row {
  const times = { msPerStep, spread: 1, runs: [msPerStep] };
  return { network, engine, precision, batch: 100, variant: null, ...times, others: [] };
}

const cost = (interval: [number, number], atLeast: number | null, added: CostRow["added"] = null): CostRow => ({
  ...{ network: "vgg08", engine: "graph", feature: "amplification", steps: 50, ratio: 0.98, pairs: 30 },
  ...{ interval, atLeast, added },
});

/** What is compared with what, how it came out, whether that is enough. */
const outcomes = (rows: Row[], costs: CostRow[] = []) =>
  compare(rows, costs).map(({ subject, against, ratio, met }) => [subject, against, Number(ratio.toFixed(3)), met]);

test("each network's targets", () => {
  const engines = [
    ["graph", 100],
    ["eager", 300],
    ["fit", 379],
    ["torch", 120],
    ["torch.compile", 99],
    ["keras", 109],
    ["products", 80],
  ] as const;
  const of = (network: NetworkName) => engines.map(([engine, ms]) => row(network, engine, ms));
  assert.deepEqual(outcomes(of("vgg38-bn")), [
    ["graph", "torch", 1.2, true],
    ["graph", "torch.compile", 0.99, false],
    ["graph", "keras", 1.09, false],
    ["graph", "fit", 3.79, false],
    ["graph", "its matrix products, time", 1.25, true],
  ]);
  assert.deepEqual(outcomes(of("resnet50")), [
    ["graph", "torch", 1.2, true],
    ["graph", "torch.compile", 0.99, null],
    ["graph", "keras", 1.09, false],
    ["graph", "fit", 3.79, null],
    ["graph", "its matrix products, time", 1.25, true],
  ]);
});

test("bfloat16 against float32, autocast, mixed precision and its own products", () => {
  const rows = [
    row("vgg19", "graph", 100),
    row("vgg19", "graph", 80, "bfloat16"),
    row("vgg19", "torch.autocast", 88, "bfloat16"),
    row("vgg19", "keras", 80, "bfloat16"),
    row("vgg19", "products", 60, "bfloat16"),
  ];
  assert.deepEqual(outcomes(rows), [
    ["graph bfloat16", "graph", 1.25, false],
    ["graph bfloat16", "torch.autocast bfloat16", 1.1, true],
    ["graph bfloat16", "keras bfloat16", 1, false],
    ["graph bfloat16", "its matrix products, time", 1.333, false],
  ]);
});

test("without a compiled engine the eager one is compared", () => {
  assert.deepEqual(outcomes([row("vgg08", "eager", 50), row("vgg08", "torch", 40)]), [["eager", "torch", 0.8, false]]);
});

test("a cost is met when its interval reaches the target and the work that is added allows it", () => {
  const costs = [
    cost([0.97, 0.99], 0.99),
    cost([0.97, 0.985], 0.99),
    cost([0.97, 0.99], 0.99, { bytes: 0.005, flops: 0.001 }),
    cost([0.97, 0.99], 0.99, { bytes: 0.02, flops: 0.001 }),
    cost([0.97, 0.99], 0.99, { bytes: 0.001, flops: 0.02 }),
    cost([0.99, 1.01], null, { bytes: 0, flops: 0 }),
  ];
  assert.deepEqual(
    outcomes([], costs).map(([, , , met]) => met),
    [true, false, true, false, false, null],
  );
});

test("of an engine's variants the fastest makes the row", () => {
  const times = [
    { engine: "torch", precision: "float32", variant: "contiguous", runs: [12, 10, 11] },
    { engine: "torch", precision: "float32", variant: "channels_last", runs: [9, 8, 10] },
    { engine: "torch", precision: "float32", variant: "given up", runs: [7] },
    { engine: "keras", precision: "bfloat16", variant: "XLA off", runs: [7] },
  ] as const;
  assert.deepEqual(pickFastest({ network: "vgg19", batch: 128 }, times), [
    {
      ...{ network: "vgg19", engine: "torch", precision: "float32", batch: 128, variant: "channels_last" },
      ...{ msPerStep: 9, spread: 1, runs: [9, 8, 10] },
      others: [
        { variant: "contiguous", msPerStep: 11, spread: 1, runs: [12, 10, 11] },
        { variant: "given up", msPerStep: 7, spread: 0, runs: [7] },
      ],
    },
    {
      ...{ network: "vgg19", engine: "keras", precision: "bfloat16", batch: 128, variant: "XLA off" },
      ...{ msPerStep: 7, spread: 0, runs: [7], others: [] },
    },
  ]);
});

test("the report has times, ratios, the peak and what was left out", () => {
  const rows = [row("vgg08", "graph", 40), row("vgg08", "torch", 50)];
  const costs = [cost([0.97, 0.99], 0.99, { bytes: 0.0012, flops: 0.00004 })];
  const text = report({
    ...{ rows, costs },
    comparisons: compare(rows, costs),
    peak: { float32: 190e9, bfloat16: 830e9, copy: 25e9 },
    flops: { vgg08: 9.6e9 },
    leftOut: [
      { network: "vgg08", what: "keras float32", why: "no Python", failed: false },
      { network: "vgg08", what: "keras bfloat16", why: "no Python", failed: false },
      { network: "vgg08", what: "fit", why: "died", failed: true },
    ],
    machine: machine("cpu", 0.3),
    versions: {},
  });
  for (const line of [
    /^vgg08 +graph +40\.0 +1\.0 +1 +240$/m,
    /^vgg08 +graph +torch +1\.25 +≥ 1\.2 +yes$/m,
    /^vgg08 +graph, amplification +without +0\.980 +0\.970 – 0\.990 +≥ 0\.99 +yes$/m,
    /^vgg08 +amplification +30 +0\.120 % +0\.004 %$/m,
    /^Peak: matrix product 190 GFLOP\/s in float32, 830 in bfloat16; copy 25\.0 GB\/s$/m,
    /^ {2}vgg08 keras float32, vgg08 keras bfloat16: no Python$/m,
    /^ {2}vgg08 fit: FAILED: died$/m,
    /^Other programs took 30 % of the processors' time meanwhile\.$/m,
  ])
    assert.match(text, line);
});
