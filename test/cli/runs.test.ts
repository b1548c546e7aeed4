import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { stages } from "../../src/amplification";
import { saveRun } from "../../src/runs";
import { gradientRows, temporaryFolder } from "../runs/support";
import { runNode } from "../support/run-node";
import { runRecord } from "../tables/sample-runs";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");
const folder = temporaryFolder({ after } as never);
for (const [name, seed] of [
  ["a", 1],
  ["b", 2],
] as const) {
  // prettier-ignore
  const record = runRecord({ name, model: "VGG08", options: { seed, stages: { list: [50, seed] }, epochs: 2 } }, [
    { trainLoss: 3, validationAccuracy: 0.1 * seed },
    { trainLoss: 2, validationAccuracy: 0.05, testAccuracy: 0.2 },
  ]);
  saveRun({ ...record, gradients: gradientRows(seed, 1, ["conv", "dense"]) }, join(folder, "runs", name));
}
const runs = (...words: string[]) => runNode([gradamp, "runs", ...words], { cwd: folder });

test("list tells how far each run is and how well it does", () => {
  const rows = JSON.parse(runs("list", "--json").stdout) as Record<string, unknown>[];
  assert.deepEqual(
    rows.map(({ run, status, epoch, epochs, bestValidationAccuracy, testAccuracy }) => [run, status, epoch, epochs, bestValidationAccuracy, testAccuracy]), // prettier-ignore
    [
      ["runs/a", "finished", 2, 2, 0.1, 0.2],
      ["runs/b", "finished", 2, 2, 0.2, 0.2],
    ],
  );
  const [heading, first] = runs("list", "runs").stdout.split("\n");
  assert.match(heading!, /^run\s+status\s+model\s+dataset\s+epoch\s+epochs\s+trainLoss/);
  assert.match(first!, /^runs\/a\s+finished\s+VGG08\s/);
  assert.equal(runs("list", "elsewhere").status, 1);
});

test("show prints a run for people, with a line an epoch", () => {
  const { stdout, status } = runs("show", "runs/b");
  assert.equal(status, 0);
  assert.match(stdout, /^run\s+runs\/b\nstatus\s+finished\n[^]*seed\s+2\n[^]*Epoch[^]*\n\s+1 [^]*\n\s+2 /);
});

test("show tells the schedule as the papers print it, and which layers were chosen and why", () => {
  const record = runRecord({ name: "c", model: "VGG08", options: { stages: stages([[1, 0.1, 0, 1], [2, 0.1, 0.5, 2]], { group: "bn" }) } }, [{}, {}]); // prettier-ignore
  const chosen = { epoch: 2, stage: 1, ampFactor: 2, by: "GPrime", ampRatio: null, analysed: 1, threshold: 0.7, sides: "both" } as const; // prettier-ignore
  const selections = [
    { ...chosen, index: 0, layer: "conv", selected: true, ratio: 0.5, normalized: -1.25 },
    { ...chosen, index: 1, layer: "dense", selected: false, ratio: 0.2, normalized: 0.1 },
  ];
  saveRun({ ...record, selections }, join(folder, "shown", "c"));
  const { stdout } = runs("show", "shown/c");
  assert.match(stdout, /^stages +\[\(1, 0\.1, 0, 1\), \(2, 0\.1, 0\.5, 2\)\]\ngroup +bn\n/m);
  assert.match(
    stdout,
    /^amplified from 2 +Γ = 2, 1 of 2 layers, \|G′\| above 0\.7 in epoch 1, normalised: conv -1\.25$/m,
  );
  const { selections: told } = JSON.parse(runs("show", "shown/c", "--json").stdout) as { selections: object[] };
  assert.deepEqual(told, [{ epoch: 2, by: "GPrime", ampFactor: 2, ampRatio: null, analysed: 1, threshold: 0.7, sides: "both", of: 2, layers: ["conv"], normalized: [-1.25] }]); // prettier-ignore
});

test("compare names what differs, and nothing else", () => {
  const { differences, results } = JSON.parse(runs("compare", "runs/a", "runs/b", "--json").stdout) as {
    differences: object[];
    results: object[];
  };
  assert.deepEqual(differences, [
    { option: "seed", "runs/a": 1, "runs/b": 2 },
    { option: "stages.list.1", "runs/a": 1, "runs/b": 2 },
  ]);
  assert.equal(results.length, 2);
});

test("export writes the rows of all runs to one file", () => {
  assert.equal(runs("export", "runs", "--rows", "epochs", "--out", "epochs.csv").stdout, "epochs.csv: 4 rows\n");
  const [heading, first] = readFileSync(join(folder, "epochs.csv"), "utf8").split("\n");
  assert.match(heading!, /^run,model,dataset,parameters,status,epoch,learningRate,trainLoss/);
  assert.match(first!, /^a,VGG08,/);
  assert.equal(runs("export", "runs", "--out", "gradients.parquet").stdout, "gradients.parquet: 4 rows\n");
  assert.equal(readFileSync(join(folder, "gradients.parquet")).toString("latin1", 0, 4), "PAR1");
  const wrong = runs("export", "runs", "--rows", "weights", "--out", "x.csv");
  assert.deepEqual([wrong.status, /Expected --rows to be one of epochs, gradients/.test(wrong.stderr)], [2, true]);
  assert.match(
    runs("export", "runs", "--out", "x.txt").stderr,
    /Expected a file that ends in \.parquet, \.arrow, \.csv/,
  );
});
