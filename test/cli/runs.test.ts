import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { stages } from "../../src/amplification";
import { runs as openRuns, saveRun } from "../../src/runs";
import { listSegments } from "../../src/runs/segments/list-segments";
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
  assert.deepEqual(JSON.parse(runs("export", "runs", "--rows", "epochs", "--out", "epochs.csv", "--json").stdout), {
    file: "epochs.csv",
    kind: "epochs",
    rows: 4,
  });
  const none = runs("export", "runs", "--rows", "selections", "--out", "none.csv");
  assert.deepEqual([none.status, existsSync(join(folder, "none.csv"))], [1, false]);
  assert.match(none.stderr, /Expected selections rows in runs but found none, so nothing is written: /);
  const wrong = runs("export", "runs", "--rows", "weights", "--out", "x.csv");
  assert.deepEqual(
    [wrong.status, /Expected --rows to be one of epochs, steps, gradients/.test(wrong.stderr)],
    [2, true],
  );
  assert.match(
    runs("export", "runs", "--out", "x.txt").stderr,
    /Expected a file that ends in \.parquet, \.arrow, \.csv/,
  );
});

test("a run that cannot be read is listed with the reason, and hides no other", (t) => {
  const root = temporaryFolder(t);
  const record = runRecord({ name: "x", model: "VGG08", options: { epochs: 1 } }, [{ trainLoss: 3 }]);
  const save = (name: string) => {
    saveRun({ ...record, gradients: gradientRows(1, 1, ["conv"]) }, join(root, name));
    return join(root, name);
  };
  save("a");
  writeFileSync(join(save("b"), "run.json"), "{");
  truncateSync(listSegments(save("c"), "epochs")[0]!.path, 200);
  rmSync(listSegments(save("d"), "epochs")[0]!.path);
  const { status, stdout, stderr } = runNode([gradamp, "runs", "list", root]);
  assert.equal(status, 0);
  assert.equal(stdout.match(/unreadable/g)?.length, 3);
  assert.match(stdout, /\/a +finished +VGG08/);
  assert.match(
    stderr,
    /\/b cannot be read: Expected .*b\/run\.json to describe a run but found that it cannot be read/,
  );
  assert.match(stderr, /\/c cannot be read: Expected .*\.arrow to have the checksum/);
  assert.match(stderr, /\/d cannot be read: Expected 1 rows in .*epochs, as run\.json counts them, but found 0/);
  assert.equal(stderr.trim().split("\n").length, 3);
  const json = JSON.parse(runNode([gradamp, "runs", "list", root, "--json"]).stdout) as { status: string }[];
  assert.deepEqual(json.map((row) => row.status), ["finished", "unreadable", "unreadable", "unreadable"]); // prettier-ignore

  const left: string[] = [];
  const table = openRuns(root, { rows: "runs", onUnreadable: ({ folder: path }) => left.push(basename(path)) });
  assert.deepEqual([table.array("run"), left], [["a"], ["b", "c", "d"]]);
  const flipped = listSegments(save("e"), "gradients")[0]!.path;
  const bytes = readFileSync(flipped);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(flipped, bytes);
  assert.throws(
    () => openRuns(root, { rows: "gradients", onUnreadable: () => {} }).array("meanAbs"),
    /e\/gradients\/.* to have the checksum/,
  );
  assert.equal(openRuns(root, { rows: "gradients", onUnreadable: () => {}, check: true }).numRows(), 2);
  const epochs = listSegments(save("f"), "epochs")[0]!.path;
  const damaged = readFileSync(epochs);
  damaged[damaged.length >> 1]! ^= 1;
  writeFileSync(epochs, damaged);
  assert.deepEqual(openRuns(root, { onUnreadable: () => {} }).array("run"), ["a", "e"]);
  for (const name of ["a", "c", "e", "f"]) writeFileSync(join(root, name, "run.json"), "");
  assert.throws(() => openRuns(root), /Expected a run in .* that can be read but found none: .*a\/run\.json/);
  assert.throws(() => openRuns(join(root, "nowhere")), /Expected a folder of runs at .*nowhere but found nothing/);
});
