import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { readRun, runStatus, startResuming, writeSegment } from "../../../src/runs";
import { listCheckpoints, readCheckpoint } from "../../../src/runs/checkpoints/checkpoint";
import { listSegments } from "../../../src/runs/segments/list-segments";
import { temporaryFolder } from "../support";
import { keep, numbers, undisturbed, weightsOf } from "./support";

/** A run that was stopped after epoch 3, with checkpoints of epochs 2 and 3 and a segment an epoch. */
async function stopped(t: TestContext): Promise<string> {
  const folder = join(temporaryFolder(t), "a");
  await keep({ folder, until: 3 });
  return folder;
}

const newest = (folder: string) => listCheckpoints(folder).at(-1)!.path;

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

/** Goes on, and compares with a run that was never stopped. */
async function goesOn(folder: string, from: number): Promise<string[]> {
  const notes: string[] = [];
  const { run, model } = await startResuming(folder, { onNote: (text) => notes.push(text) });
  let first: number | null = null;
  run.on("epoch", ({ row }) => (first ??= row.epoch));
  await run.finished;
  const plain = await undisturbed();
  assert.equal(first, from + 1);
  assert.deepEqual([weightsOf(model), numbers(run)], [plain.weights, numbers(plain.run)]);
  assert.deepEqual(numbers(readRun(folder)), numbers(plain.run));
  return notes;
}

/** What is done to a run, and the epoch it then goes on from. */
const DAMAGE: [string, (folder: string) => void, number][] = [
  ["nothing at all", () => {}, 3],
  ["a flipped bit in the header of the last checkpoint", (folder) => flip(newest(folder), 20), 2],
  [
    "a flipped bit in the weights of the last checkpoint",
    (folder) => flip(newest(folder), readFileSync(newest(folder)).length - 5),
    2,
  ],
  ["the last checkpoint cut short", (folder) => truncateSync(newest(folder), 1000), 2],
  ["the last checkpoint empty", (folder) => truncateSync(newest(folder), 0), 2],
  ["the last checkpoint gone", (folder) => rmSync(newest(folder)), 2],
  ["a torn segment of the last epoch", (folder) => truncateSync(listSegments(folder, "gradients")[2]!.path, 300), 2],
  ["a segment of the last epoch gone", (folder) => rmSync(listSegments(folder, "epochs")[2]!.path), 2],
  [
    "rows of an epoch whose checkpoint was never written",
    (folder) => void writeSegment(folder, "epochs", [{ ...readRun(folder).epochs[2]!, epoch: 4 }]),
    3,
  ],
  [
    "a segment that another process wrote in the same place",
    (folder) => {
      const { path } = listSegments(folder, "epochs")[2]!;
      writeFileSync(path.replace(/\.[0-9a-f]{8}\.arrow$/, ".01234567.arrow"), "something else");
    },
    3,
  ],
  [
    "what a kill leaves: half of a temporary file, in every folder",
    (folder) => {
      for (const inside of [".", "epochs", "gradients", "checkpoints"])
        writeFileSync(join(folder, inside, ".tmp-1-x"), "half a fi");
    },
    3,
  ],
];
describe("a run with damage goes on from the last state that is whole, to the same numbers", () => {
  for (const [what, damage, from] of DAMAGE)
    test(what, async (t) => {
      const folder = await stopped(t);
      damage(folder);
      const notes = await goesOn(folder, from);
      assert.equal(notes.length, from === 3 || what.endsWith("checkpoint gone") ? 0 : 1);
      if (notes.length > 0) assert.match(notes[0]!, /going on from epoch 2 instead$/);
      const left = ["", "epochs", "gradients", "checkpoints"].flatMap((inside) => readdirSync(join(folder, inside)));
      assert.deepEqual(
        left.filter((name) => name.startsWith(".tmp-")),
        [],
      );
    });
});

test("a damaged checkpoint is set aside, not deleted", async (t) => {
  const folder = await stopped(t);
  flip(newest(folder), 1000);
  await goesOn(folder, 2);
  assert.equal(readdirSync(join(folder, "checkpoints")).filter((name) => name.startsWith("damaged-000003.")).length, 1);
});

test("where nothing is whole, an error says so and nothing is deleted", async (t) => {
  const folder = await stopped(t);
  for (const { path } of listCheckpoints(folder)) flip(path, 100);
  const before = readdirSync(folder, { recursive: true }).length;
  await assert.rejects(startResuming(folder), (error: Error) => {
    assert.match(
      error.message,
      /^Expected a whole checkpoint in .*checkpoints but found none: Expected .*000003\..* to have the checksum/,
    );
    assert.match(error.message, /Restore the files, or train in another folder$/);
    return true;
  });
  const holders = readdirSync(join(folder, "lease")).filter((name) => name.startsWith("holder")).length;
  assert.deepEqual([readdirSync(folder, { recursive: true }).length, holders], [before, 0]);
});

test("a flipped bit anywhere in a checkpoint is found", async (t) => {
  const folder = await stopped(t);
  const [checkpoint] = listCheckpoints(folder);
  const { length } = readFileSync(checkpoint!.path);
  for (let at = 0; at < length; at += Math.ceil(length / 60)) {
    flip(checkpoint!.path, at);
    assert.throws(() => readCheckpoint(checkpoint!), /to have the checksum [0-9a-f]{8} but found [0-9a-f]{8}/);
    flip(checkpoint!.path, at);
  }
  assert.equal(readCheckpoint(checkpoint!).state.epoch, checkpoint!.epoch);
});

test("a run whose process was killed is stale, and what it left before it was a run is cleared away", async (t) => {
  const folder = await stopped(t);
  const info = JSON.parse(readFileSync(join(folder, "run.json"), "utf8")) as object;
  writeFileSync(join(folder, "run.json"), JSON.stringify({ ...info, status: "running" }));
  assert.equal(await runStatus(folder), "stale");
  rmSync(join(folder, "run.json"));
  const { run, weights } = await keep({ folder });
  const plain = await undisturbed();
  assert.deepEqual([weights, numbers(run)], [plain.weights, numbers(plain.run)]);
  assert.equal(existsSync(join(folder, "run.json")), true);
});
