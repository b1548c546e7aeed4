import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { crc32 } from "node:zlib";
import {
  readRun,
  readRunInfo,
  type RunInfo,
  runStatus,
  saveRun,
  startResuming,
  writeRunInfo,
  writeSegment,
} from "../../../src/runs";
import { listCheckpoints, readCheckpoint } from "../../../src/runs/checkpoints/checkpoint";
import { encodeColumns } from "../../../src/runs/segments/encode-columns";
import { listSegments } from "../../../src/runs/segments/list-segments";
import { temporaryFolder } from "../support";
import { keep, numbers, options, undisturbed, weightsOf } from "./support";

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
      assert.equal(notes.length, from === 3 ? 0 : 1);
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

test("a run whose process was killed is stale, and one that was killed as it began begins anew", async (t) => {
  const folder = await stopped(t);
  writeRunInfo(folder, { ...readRunInfo(folder), status: "running" });
  assert.equal(await runStatus(folder), "stale");
  const { progress: _, ...begun } = readRunInfo(folder);
  writeRunInfo(folder, begun as RunInfo);
  const { run, weights } = await keep({ folder });
  const plain = await undisturbed();
  assert.deepEqual([weights, numbers(run)], [plain.weights, numbers(plain.run)]);
});

test("without its run.json nothing of a run is deleted unless that is asked for, and what others wrote never", async (t) => {
  const folder = await stopped(t);
  rmSync(join(folder, "run.json"));
  const mine = [join(folder, "notes.txt"), join(folder, "epochs", "mine.csv"), join(folder, "checkpoints", "a.safetensors")]; // prettier-ignore
  for (const path of mine) writeFileSync(path, "mine");
  const list = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("lease")).sort(); // prettier-ignore
  const before = list();
  const refused =
    /Expected .*run\.json beside \d+ checkpoints and files of rows .* but found none: restore it.*--overwrite/;
  await assert.rejects(keep({ folder }), refused);
  assert.throws(() => saveRun({ name: "a", model: "m", parameters: 1, dataset: "d", options: {}, epochs: [], gradients: [] }, folder), /to be free but found .*arrow in it/); // prettier-ignore
  assert.deepEqual(list(), before);
  const { run, weights } = await keep({ folder, overwrite: true });
  const plain = await undisturbed();
  assert.deepEqual([weights, numbers(run)], [plain.weights, numbers(plain.run)]);
  for (const path of mine) assert.equal(readFileSync(path, "utf8"), "mine");
});

test("overwrite begins anew where a run has finished, is another one or cannot be read", async (t) => {
  const folder = await stopped(t);
  const other = { ...options, seed: 9 };
  await assert.rejects(keep({ folder }, other), /options\.seed 3, but found 9/);
  const { run } = await keep({ folder, overwrite: true }, other);
  assert.deepEqual([run.status, run.epochs.length, readRunInfo(folder).options["seed"]], ["finished", 4, 9]);
  truncateSync(join(folder, "run.json"), 50);
  const again = await keep({ folder, overwrite: true, until: 1 });
  assert.deepEqual([again.run.status, again.run.epochs.length], ["interrupted", 1]);
});

test("a status that the rest of run.json contradicts is not believed", async (t) => {
  const folder = await stopped(t);
  writeRunInfo(folder, { ...readRunInfo(folder), status: "finished" });
  assert.equal(await runStatus(folder), "interrupted");
  await goesOn(folder, 3);
});

test("what was repaired at its beginning stands in the session's record", async (t) => {
  const folder = await stopped(t);
  flip(newest(folder), 1000);
  const notes = await goesOn(folder, 2);
  assert.deepEqual(
    readRunInfo(folder).sessions?.map((session) => session.notes ?? []),
    [[], notes],
  );
});

test("files of another run, of a newer gradamp, or changed since they were written are refused by name", async (t) => {
  const folder = await stopped(t);
  const other = join(temporaryFolder(t), "b");
  await keep({ folder: other, until: 3 }, { ...options, seed: 9 });
  const of = (run: string) => listSegments(run, "epochs")[0]!;
  rmSync(of(folder).path);
  copyFileSync(of(other).path, join(folder, "epochs", basename(of(other).path)));
  assert.throws(() => readRun(folder), /Expected .*epochs\/000001-.*arrow to be a file of the run [0-9a-f]{16} but found one of [0-9a-f]{16}/); // prettier-ignore
  const notes: string[] = [];
  await assert.rejects(keep({ folder, onNote: (text) => notes.push(text) }), /Expected a whole checkpoint in .*epochs/);

  const newer = await stopped(t);
  const table = encodeColumns({ epoch: { type: "integer", values: [4] } }, new Map([["gradamp.format", "99"]]));
  const checksum = crc32(table).toString(16).padStart(8, "0");
  writeFileSync(join(newer, "epochs", `000004-000004.1.${checksum}.arrow`), table);
  assert.throws(
    () => readRun(newer),
    /000004-.*arrow to be of format 1 or older but found 99: a newer gradamp wrote it/,
  );

  const changed = await stopped(t);
  writeFileSync(join(changed, "model.json"), readFileSync(join(changed, "model.json"), "utf8").replace("relu", "tanh"));
  await assert.rejects(startResuming(changed), /Expected .*model\.json to be as it was written but found it changed/);
  const text = readFileSync(join(changed, "run.json"), "utf8");
  writeFileSync(join(changed, "run.json"), text.replace('"seed": 3', '"seed": 4'));
  await assert.rejects(startResuming(changed), /Expected .*run\.json to be as it was written but found it changed/);
});

test("a file of rows that is gone is missed, though it was the last one", async (t) => {
  const folder = join(temporaryFolder(t), "a");
  await keep({ folder });
  rmSync(listSegments(folder, "gradients").at(-1)!.path);
  assert.throws(() => readRun(folder), /Expected \d+ rows in .*gradients, as run\.json counts them, but found 0/);
  await assert.rejects(keep({ folder }), /rows in .*gradients, as run\.json counts them, but found 0/);
});
