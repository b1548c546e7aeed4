import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { upperMiddle } from "../../bench/gpu/busy-share";
import { gpuTable } from "../../bench/gpu/gpu-table";
import { gpuParts } from "../../bench/gpu/parts";
import { runPart } from "../../bench/gpu/run-part";
import { nativeBackend } from "../../src/tensorflow";
import { runNode } from "../support/run-node";

const program = join(__dirname, "..", "..", "bench", "run.js");
const folder = mkdtempSync(join(tmpdir(), "gradamp-gpu-bench-"));
after(() => rmSync(folder, { recursive: true }));

test("its parts fit into nine minutes", () => {
  const parts = gpuParts({ dry: false });
  assert.ok(parts.reduce((sum, { seconds }) => sum + seconds, 0) <= 540);
  assert.ok(parts.length >= 8);
});

test("a part that takes too long is ended with what it started, one that fails is told", async () => {
  const file = join(folder, "late");
  // What a killed program had started does not go on: it would write the file.
  const child = `setTimeout(() => require("fs").writeFileSync(${JSON.stringify(file)}, ""), 1500)`;
  const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); console.log("begun"); setInterval(() => {}, 1000)`;
  const late = await runPart([process.execPath, "-e", parent], 1);
  assert.equal(late.outcome, "out of time");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(existsSync(file), false);
  const failed = await runPart([process.execPath, "-e", "console.error('no'); process.exit(3)"], 20);
  assert.deepEqual([failed.outcome, failed.stderr], ["failed", "no\n"]);
  assert.equal((await runPart(["/nowhere/to/be/found"], 20)).outcome, "failed");
  assert.equal((await runPart([process.execPath, "-e", "console.log(7)"], 20)).stdout, "7\n");
});

test("the busy share is that of the middle of the work; the table has what each part found", () => {
  assert.equal(upperMiddle([]), null);
  assert.equal(upperMiddle([0, 90, 0, 95, 97, 96, 0, 94]), 96);
  const row = { network: "vgg08", engine: "graph", precision: "tf32", batch: 100, msPerStep: 2, spread: 0.1, runs: [2], variant: null, others: [] } as const; // prettier-ignore
  const table = gpuTable([
    { name: "vgg08", outcome: "done", seconds: 3, busy: 91, rows: [row], costs: [], said: "a | b" },
    { name: "costs", outcome: "no time left", seconds: 0, busy: null, rows: [], costs: [], said: "" },
  ]);
  assert.match(table, /\| vgg08 \| done \| 3 \| 91 % \| a \\\| b \|/);
  // 450 steps of 2 ms are 0.9 s, 66.7 epochs a minute.
  assert.match(table, /\| vgg08 \| graph \| tf32 \| 100 \| 2\.00 \| 0\.10 \| 66\.7 \| 2\.3 min \|/);
  assert.match(table, /\| costs \| no time left \| 0 \| – \|/);
});

test("--dry runs every part on the processor, results written as they come", { skip: nativeBackend() === null }, () => {
  const { status, stdout, stderr } = runNode([program, "gpu", "--dry", "--out", join(folder, "dry")]);
  assert.equal(status, 0, stderr + stdout);
  const { dry, parts } = JSON.parse(readFileSync(join(folder, "dry", "gpu.json"), "utf8")) as {
    dry: boolean;
    parts: { name: string; outcome: string; rows: { msPerStep: number }[]; costs: unknown[] }[];
  };
  assert.equal(dry, true);
  assert.deepEqual(
    parts.map(({ name, outcome }) => [name, outcome]),
    ["doctor", "parity", "vgg08", "costs"].map((name) => [name, "done"]),
  );
  assert.ok(parts[2]!.rows[0]!.msPerStep > 0);
  assert.ok(parts[3]!.costs.length > 0);
  assert.match(readFileSync(join(folder, "dry", "gpu.md"), "utf8"), /\| vgg08 \| graph \| float32 \|/);
  assert.match(readFileSync(join(folder, "dry", "doctor.log"), "utf8"), /"libtensorflow"/);
});

test("a wrong time is refused, and parts without time are told", () => {
  assert.equal(runNode([program, "gpu", "--minutes", "soon"]).status, 2);
  const { status, stdout } = runNode([program, "gpu", "--dry", "--minutes", "0.0001", "--out", join(folder, "none")]);
  assert.equal(status, 1);
  assert.match(stdout, /no time left/);
});
