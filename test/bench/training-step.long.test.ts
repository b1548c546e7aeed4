import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { CostRow, Row } from "../../bench/measure/row";
import { networkNames } from "../../bench/measure/networks";
import { nativeBackend } from "../../src/tensorflow";
import { runNode } from "../support/run-node";

const program = join(__dirname, "..", "..", "bench", "training-step.js");
const folder = mkdtempSync(join(tmpdir(), "gradamp-bench-test-"));
after(() => rmSync(folder, { recursive: true }));

const python = Boolean(process.env["GRADAMP_BENCH_PYTHON"]);
const engines = ["eager", "fit", ...(python ? ["torch", "torch.compile", "torch.autocast", "keras"] : [])];

test(`every engine on every network, tiny${python ? ", with Python" : ""}`, { skip: nativeBackend() === null }, () => {
  const json = join(folder, "bench.json");
  const words = ["--tiny", "--repeats", "1", "--pairs", "2", "--seconds", "0.01", "--json", json];
  const { status, stderr } = runNode([program, ...words]);
  // Zero only where no engine failed, each with as many parameters as gradamp's network.
  assert.equal(status, 0, stderr);
  const { rows, costs } = JSON.parse(readFileSync(json, "utf8")) as { rows: Row[]; costs: CostRow[] };
  for (const network of networkNames) {
    const found = new Set(rows.filter((row) => row.network === network).map(({ engine }) => engine));
    for (const engine of engines) assert.ok(found.has(engine as Row["engine"]), `${network} ${engine}`);
  }
  assert.deepEqual([...new Set(costs.map(({ network }) => network))], ["vgg08", "vgg38-bn"]);
  for (const { ratio, interval } of costs) assert.ok(interval[0] <= ratio && ratio <= interval[1]);
});
