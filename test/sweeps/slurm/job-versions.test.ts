import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { VERSION } from "../../../src/spec";
import { jobList, readJobTask } from "../../../src/sweeps/slurm/job-list";
import { readJobRecords, writeJobRecords } from "../../../src/sweeps/slurm/job-records";
import { temporaryFolder } from "../../runs/support";

const task = { id: "a", folder: "runs/a", last: 2, command: ["node"], log: "logs/a.log" };

test("lists of tasks and records of jobs say their version; older ones are read, newer ones refused", (t) => {
  const folder = temporaryFolder(t);
  const list = join(folder, "array-0000.json");
  writeFileSync(list, JSON.stringify(jobList([task])));
  assert.deepEqual(readJobTask(list, 0), task);
  writeFileSync(list, JSON.stringify([task]));
  assert.deepEqual(readJobTask(list, 0), task);
  writeFileSync(list, JSON.stringify({ version: VERSION + 1, tasks: [task] }));
  assert.throws(() => readJobTask(list, 0), { name: "RangeError", message: /array-0000\.json .*newer gradamp/ });

  const records = { options: {}, jobs: { a: { job: "7", failures: 0 } }, followUps: {}, arrays: 1 };
  writeJobRecords(folder, records);
  assert.deepEqual(readJobRecords(folder), records);
  writeFileSync(join(folder, "slurm.json"), JSON.stringify(records));
  assert.deepEqual(readJobRecords(folder), records);
  writeFileSync(join(folder, "slurm.json"), JSON.stringify({ ...records, version: VERSION + 1 }));
  assert.throws(() => readJobRecords(folder), { name: "RangeError", message: /slurm\.json .*newer gradamp/ });
});
