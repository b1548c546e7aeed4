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
  const { tf } = require("./dist/src/tensorflow");
  const x = tf.ones([1, 4, 4, 1]);
  const gradient = tf.grad((k) => tf.conv2d(x, k, 1, "valid").square().sum())(tf.ones([3, 3, 1, 1]));
  console.log(JSON.stringify({ gradient: [...gradient.dataSync()], top: [...tf.topk([1, 3, 2], 1).values.dataSync()] }));`;

for (const version of [20, 22, 24, 26])
  test(`the same addon trains under Node ${version}, without a warning`, { skip: nativeBackend() === null }, () => {
    const name = `node-${process.platform}-${process.arch}`;
    const prefix = join(folder, String(version));
    execFileSync("npm", ["install", "--prefix", prefix, "--no-save", `${name}@${version}`], { cwd: folder });
    const node = join(prefix, "node_modules", name, "bin", "node");
    const { status, stdout, stderr } = runNode(["-e", PROGRAM], { cwd: root, node });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    assert.deepEqual(JSON.parse(stdout), { gradient: new Array(9).fill(72), top: [3] });
    const doctor = runNode([join(root, "bin", "gradamp.cjs"), "doctor", "--json"], { node });
    const report = JSON.parse(doctor.stdout) as { node: string; ok: boolean; engines: number };
    assert.deepEqual([report.node.split(".")[0], report.ok, report.engines], [String(version), true, 1]);
  });
