import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nativeBackend } from "../../src/tensorflow";
import { runNode } from "../support/run-node";

const root = join(__dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "gradamp-nodes-"));
before(() => writeFileSync(join(folder, "package.json"), "{}"));
after(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
  const { profile, tf } = require("./dist/src/tensorflow");
  const { interruptibleLoop: loop } = require("./dist/src/graph");
  const x = tf.ones([1, 4, 4, 1]);
  const gradient = tf.grad((k) => tf.conv2d(x, k, 1, "valid").square().sum())(tf.ones([3, 3, 1, 1]));
  const sum = tf.variable(tf.scalar(0));
  const compiled = loop((index, x) => sum.assign(tf.add(sum, x)), { engine: "graph" });
  const run = () => compiled.run({ first: 0, last: 5, inputs: [tf.scalar(2)] });
  run().then(() => profile(run)).then(({ result, ops }) => {
    const adds = ops.filter(({ op }) => op === "Add").reduce((total, { count }) => total + count, 0);
    console.log(JSON.stringify({
      gradient: [...gradient.dataSync()],
      top: [...tf.topk([1, 3, 2], 1).values.dataSync()],
      steps: result,
      sum: sum.dataSync()[0],
      adds,
    }));
  });`;

for (const version of [20, 22, 24, 26])
  test(`the same addon trains under Node ${version}, without a warning`, { skip: nativeBackend() === null }, () => {
    const name = `node-${process.platform}-${process.arch}`;
    const prefix = join(folder, String(version));
    execFileSync("npm", ["install", "--prefix", prefix, "--no-save", `${name}@${version}`], { cwd: folder });
    const node = join(prefix, "node_modules", name, "bin", "node");
    const { status, stdout, stderr } = runNode(["-e", PROGRAM], { cwd: root, node });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), { gradient: new Array(9).fill(72), top: [3], steps: 5, sum: 20, adds: 5 });
    const doctor = runNode([join(root, "bin", "gradamp.cjs"), "doctor", "--json"], { node });
    const report = JSON.parse(doctor.stdout) as Record<"node" | "ok" | "engines", unknown> & {
      training: { engine: string };
    };
    const { node: found, ok, engines, training } = report;
    assert.deepEqual([String(found).split(".")[0], ok, engines, training.engine], [String(version), true, 1, "graph"]);
  });
