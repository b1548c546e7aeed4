import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import type { EpochRow, GradientRow, RowKind } from "../../src/rows";
import { compact, readRun, runs, saveRun, writeRunInfo, writeSegment } from "../../src/runs";
import { listSegments } from "../../src/runs/segments/list-segments";
import { epochRow, runRecord } from "../tables/sample-runs";
import { gradientRows, temporaryFolder } from "./support";

const info = {
  name: "a",
  model: "VGG08",
  parameters: 59_716,
  dataset: "cifar-100",
  options: { seed: 7 },
  status: "running",
};
const layers = ["conv", "bn", "dense"];

test("a run comes back as it was, to the bit", (t) => {
  const folder = temporaryFolder(t);
  const run = runRecord({ name: "first", options: { seed: 7, stages: [[50, 0.1]], note: null } }, [
    { trainLoss: 1 / 3, validationLoss: null, validationAccuracy: 0.1, amplifiedLayers: 3 },
    { trainLoss: NaN, validationLoss: Infinity, validationAccuracy: null },
    { trainLoss: -0, validationLoss: 5e-324, validationAccuracy: Number.MAX_VALUE },
  ]);
  run.gradients = [1, 2].flatMap((epoch) => gradientRows(1, epoch, layers));
  saveRun(run, folder);
  assert.deepEqual(readRun(folder), run);
});

test("a statistic that only some steps have is left out of the others' rows", (t) => {
  const folder = temporaryFolder(t);
  const [first, second, third] = gradientRows(1, 1, layers) as [GradientRow, GradientRow, GradientRow];
  const rows = [{ ...first, l2: 2, kind: "a" }, second, { ...third, l2: 0 }];
  saveRun({ ...runRecord({}, []), gradients: rows }, folder);
  assert.deepEqual(readRun(folder).gradients, rows);
});

test("segments follow each other, and later ones may bring new statistics and layers", (t) => {
  const folder = temporaryFolder(t);
  writeRunInfo(folder, info);
  const rows = [gradientRows(1, 1, layers), gradientRows(1, 2, ["other", "conv"]).map((row) => ({ ...row, l2: 1.5 }))];
  for (const part of rows) writeSegment(folder, "gradients", part);
  assert.deepEqual(readRun(folder).gradients, rows.flat());
  assert.deepEqual(
    listSegments(folder, "gradients").map(({ first, last, rows }) => [first, last, rows]),
    [
      [1, 1, 3],
      [2, 2, 2],
    ],
  );
});

describe("rows that cannot be written are errors, and nothing is written", () => {
  const row = (change: object) => [{ ...gradientRows(1, 1, ["conv"])[0], ...change }] as unknown as GradientRow[];
  const cases: [string, GradientRow[], RegExp][] = [
    ["none", [], /RangeError: Expected rows to write as a segment of gradients but found none/],
    ["half an epoch", row({ epoch: 1.5 }), /RangeError: Expected epoch to be a whole number of 32 bits but found 1.5/],
    ["too large a step", row({ step: 2 ** 31 }), /RangeError: Expected step .* but found 2147483648/],
    [
      "an object",
      row({ l2: {} }),
      /TypeError: Expected l2 to be a number or null in every row but found \[object Object\]/,
    ],
    ["numbers and words", [...row({ l2: 1 }), ...row({ l2: "a" })], /TypeError: Expected l2 to be a string or null/],
  ];
  for (const [name, rows, message] of cases) {
    test(name, (t) => {
      const folder = temporaryFolder(t);
      assert.throws(() => writeSegment(folder, "gradients", rows), message);
      assert.deepEqual(readdirSync(folder), []);
    });
  }
});

function threeSegments(folder: string): GradientRow[] {
  writeRunInfo(folder, info);
  const parts = [1, 2, 3].map((epoch) =>
    gradientRows(1, epoch, layers).map((row) => ({ ...row, ...(epoch > 1 ? { l2: epoch } : {}) })),
  );
  for (const part of parts) writeSegment(folder, "gradients", part);
  return parts.flat();
}

describe("compaction", () => {
  test("leaves one file with the same rows", (t) => {
    const folder = temporaryFolder(t);
    const rows = threeSegments(folder);
    const merged = compact(folder, "gradients");
    assert.deepEqual([merged?.first, merged?.last, merged?.rows], [1, 3, 9]);
    assert.deepEqual(readdirSync(join(folder, "gradients")), [merged?.path.split("/").at(-1)]);
    assert.deepEqual(readRun(folder).gradients, rows);
  });

  test("keeps null, NaN, infinities and whole numbers of epoch rows", (t) => {
    const folder = temporaryFolder(t);
    writeRunInfo(folder, info);
    const rows: EpochRow[] = [
      epochRow({ epoch: 1, trainLoss: NaN, testAccuracy: null }),
      epochRow({ epoch: 2, trainLoss: Infinity, testAccuracy: 0.5, amplifiedLayers: 4 }),
    ];
    for (const row of rows) writeSegment(folder, "epochs", [row]);
    compact(folder, "epochs");
    assert.deepEqual(readRun(folder).epochs, rows);
  });

  test("stopped before it deletes, the run reads the same, and the next one goes on", (t) => {
    const folder = temporaryFolder(t);
    const rows = threeSegments(folder);
    const saved = readdirSync(join(folder, "gradients")).map(
      (name) => [name, readFileSync(join(folder, "gradients", name))] as const,
    );
    compact(folder, "gradients");
    for (const [name, bytes] of saved.slice(1)) writeFileSync(join(folder, "gradients", name), bytes);
    writeFileSync(join(folder, "gradients", ".tmp-1-x"), "half a fi");
    assert.deepEqual(readRun(folder).gradients, rows);
    const more = gradientRows(1, 4, layers);
    writeSegment(folder, "gradients", more);
    compact(folder, "gradients");
    assert.deepEqual(readRun(folder).gradients, [...rows, ...more]);
  });

  test("of nothing or of one segment does nothing", (t) => {
    const folder = temporaryFolder(t);
    assert.equal(compact(folder, "epochs"), null);
    const segment = writeSegment(folder, "epochs", [epochRow({})]);
    assert.deepEqual(compact(folder, "epochs"), segment);
  });
});

describe("a damaged segment is an error that names the file, never a wrong number", () => {
  const damaged = (t: Parameters<typeof temporaryFolder>[0], damage: (path: string) => void) => {
    const folder = temporaryFolder(t);
    threeSegments(folder);
    const { path } = listSegments(folder, "gradients")[1] ?? { path: "" };
    damage(path);
    return { folder, path };
  };

  test("cut at any length", (t) => {
    const { folder, path } = damaged(t, () => undefined);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 97) {
      truncateSync(path, length);
      assert.throws(
        () => readRun(folder),
        (error: Error) => error.message.includes(path),
        `cut to ${length} bytes`,
      );
      assert.throws(
        () => compact(folder, "gradients"),
        (error: Error) => error.message.includes(path),
      );
      writeFileSync(path, whole);
    }
    assert.equal(readRun(folder).gradients.length, 9);
  });

  test("with any bit flipped", (t) => {
    const { folder, path } = damaged(t, () => undefined);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 61) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, changed);
      assert.throws(() => readRun(folder), `bit flipped in byte ${at}`);
    }
    writeFileSync(path, whole);
    assert.equal(readRun(folder).gradients.length, 9);
  });

  test("lost from the middle", (t) => {
    const { folder } = damaged(t, (path) => rmSync(path));
    assert.throws(() => readRun(folder), /to follow each other but found no segment 2: restore the missing file/);
  });

  test("there twice", (t) => {
    const { folder } = damaged(t, (path) => copyFileSync(path, path.replace(".3.", ".4.")));
    assert.throws(() => readRun(folder), /found segment 2 twice/);
  });

  test("of another run under its name", (t) => {
    const { folder, path } = damaged(t, (path) => {
      const other = temporaryFolder(t);
      renameSync(writeSegment(other, "gradients", gradientRows(9, 2, layers)).path, path);
    });
    assert.throws(
      () => readRun(folder),
      (error: Error) => error.message.includes(`Expected ${path} to have the checksum`),
    );
  });
});

test("run.json that is torn or lacks a field is an error that names it", (t) => {
  const folder = temporaryFolder(t);
  assert.throws(
    () => readRun(folder),
    /run\.json to describe a run but found that it cannot be read: .*there is no such file/,
  );
  writeFileSync(join(folder, "run.json"), '{"name": "a", "mod');
  assert.throws(() => readRun(folder), /run\.json to describe a run but found that it cannot be read/);
  writeFileSync(join(folder, "run.json"), '{"name": "a"}');
  assert.throws(() => readRun(folder), /run\.json to hold a string as model but found undefined/);
});

test("a folder that holds a run is not written over", (t) => {
  const folder = temporaryFolder(t);
  saveRun(runRecord({}, [{}]), folder);
  assert.throws(() => saveRun(runRecord({}, [{}]), folder), {
    name: "RangeError",
    message: /to be free but found a run in it/,
  });
});

test("a folder that cannot be written to leaves nothing half done", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "epochs"), "a file where the folder should be");
  const kind: RowKind = "epochs";
  assert.throws(() => writeSegment(folder, kind, [epochRow({})]));
  assert.deepEqual(readdirSync(folder), ["epochs"]);
});

test("a flipped bit anywhere in a segment is an error that names it, or changes nothing that is read before its columns are", (t) => {
  const folder = temporaryFolder(t);
  saveRun(runRecord({}, [{ trainLoss: 3 }]), folder);
  const { path } = listSegments(folder, "epochs")[0]!;
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at += 3) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 1 << (at % 8);
    writeFileSync(path, flipped);
    assert.throws(
      () => readRun(folder),
      (error: Error) => error.message.includes(path),
      `byte ${at}`,
    );
    // What opens headers alone may go on; it names the file, and it never fills the memory.
    try {
      runs(folder, { rows: "epochs", onUnreadable: () => {} });
    } catch (error) {
      assert.ok((error as Error).message.includes(path), `byte ${at}: ${(error as Error).message}`);
    }
  }
});
