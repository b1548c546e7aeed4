/** docs/findings.md says what data/findings holds, and nothing else. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { table } from "arquero";

import { readStudy } from "../../bench/findings";
import { findingsPage } from "../../bench/findings/findings-page";
import { STUDIES } from "../../bench/findings/studies";
import { root } from "../support/committed-text";

test("docs/findings.md is computed from data/findings: `npm run bench -- findings` writes it", () => {
  assert.equal(readFileSync(join(root, "docs", "findings.md"), "utf8"), findingsPage(STUDIES, readStudy));
});

test("every file of data/findings belongs to a study", () => {
  const known = STUDIES.flatMap(({ name }) => [`${name}.csv`, `${name}-power.csv`]);
  const found = readdirSync(join(root, "data", "findings"));
  assert.ok(found.length > 0);
  assert.deepEqual(
    found.filter((file) => !known.includes(file)),
    [],
  );
});

test("each run is kept with its options, seed, accuracies, seconds, processor and versions", () => {
  const kept = STUDIES.flatMap(({ name }) => readStudy(name) ?? []);
  assert.ok(kept.length > 0);
  for (const { results } of kept)
    for (const row of results.objects({ limit: Infinity }) as Record<string, unknown>[]) {
      const trial = JSON.parse(String(row["trial"])) as { seed: number; epochs: number };
      assert.equal(trial.seed, row["seed"]);
      for (const column of ["processor", "gradamp", "tensorflow", "status"]) assert.equal(typeof row[column], "string");
      if (row["status"] === "done")
        for (const column of ["testAccuracy", "validationAccuracy", "trainAccuracy", "seconds"])
          assert.equal(typeof row[column], "number", `${String(row["run"])}: ${column}`);
    }
});

test("a study without files is not run, and other results give another page", () => {
  const [study] = STUDIES;
  const none = findingsPage([study!], () => null);
  assert.match(none, /\*\*Not run\.\*\*/);
  const files = readStudy(study!.name)!;
  const rows = files.results.objects({ limit: Infinity }) as Record<string, unknown>[];
  const better = rows.map((row) =>
    /vgg08/.test(String(row["run"])) ? { ...row, bestTestAccuracy: 0.9, bestValidationAccuracy: 0.9 } : row,
  );
  const names = files.results.columnNames();
  const results = table(Object.fromEntries(names.map((name) => [name, better.map((row) => row[name])])));
  assert.notEqual(
    findingsPage([study!], () => ({ ...files, results })),
    findingsPage([study!], () => files),
  );
});
