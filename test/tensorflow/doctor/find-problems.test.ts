import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../../src/files/package-root";
import { countEngines } from "../../../src/tensorflow/doctor";
import { parseNvidiaSmi } from "../../../src/tensorflow/doctor/find-devices";
import { NODE_VERSIONS, nodeProblem } from "../../../src/tensorflow/doctor/node-problem";
import { type Findings, findProblems } from "../../../src/tensorflow/doctor/find-problems";
import type { ProbeReport } from "../../../src/tensorflow/doctor/probe";

const probe: ProbeReport = {
  tfjs: "4.22.0",
  fallback: null,
  libtensorflow: { version: "2.21.0", path: "/cache/tensorflow/libtensorflow_cc.so.2" },
  gpu: false,
  trains: true,
  noGraphs: null,
  ownOperations: [],
  engines: 1,
  exposed: null,
};
const fallback = "TensorFlow is not set up";
const javascript: ProbeReport = { ...probe, libtensorflow: null, fallback, noGraphs: `plain JavaScript: ${fallback}` };
const well: Findings = {
  node: "20.19.5",
  requireGpu: false,
  platformProblem: null,
  probe,
  death: null,
  record: { kind: "cpu" },
  current: true,
  devices: [],
  cuda: null,
  missingDriver: ["libcuda.so.1", "libnvidia-ml.so.1"],
  kernel: { installed: true, name: "tslab", path: "/kernels/tslab" },
};
const card = { type: "GPU", name: "NVIDIA T4", memory: 16e9, cores: null, used: false } as const;
const accepted = { accepted: true, missing: [] };

/** What is the case, what the problem says, what the remedy says, whether it blocks. */
const TABLE: [string, Partial<Findings>, RegExp, RegExp, boolean][] = [
  [
    "an old Node",
    { node: "18.20.4" },
    /^Expected Node 20\.19 or later .* but found Node 18\.20\.4$/,
    /newer Node/,
    true,
  ],
  ["plain JavaScript", { probe: javascript }, /plain JavaScript: TensorFlow is not set up/, /gradamp setup/, true],
  [
    "Windows",
    { probe: javascript, platformProblem: { message: "not on Windows", remedy: "Install WSL 2" } },
    /not on Windows/,
    /WSL 2/,
    true,
  ],
  ["a crash", { probe: null, death: "SIGABRT\n    bad" }, /ended the process: SIGABRT/, /gradamp setup/, true],
  ["a wrong gradient", { probe: { ...probe, trains: false } }, /gradient came out wrong/, /anew/, true],
  [
    "two engines",
    { probe: { ...probe, engines: 2 } },
    /Expected one tfjs engine in the process but found 2/,
    /npm ci/,
    true,
  ],
  [
    "an addon of tfjs's own",
    { probe: { ...probe, noGraphs: "tfjs-node's addon was not built by `gradamp setup`" } },
    /op by op, which is slower: .*not built by/,
    /gradamp setup/,
    false,
  ],
  ["an old addon", { current: false }, /other sources/, /gradamp setup/, false],
  [
    "no kernel",
    { kernel: { installed: false, name: null, path: null } },
    /No Jupyter kernel/,
    /gradamp kernel install/,
    false,
  ],
  ["a card without CUDA", { devices: [card], missingDriver: [] }, /is an NVIDIA card but/, /setup --gpu/, false],
  [
    "no card for CUDA",
    { record: { kind: "gpu" }, cuda: accepted },
    /libcuda\.so\.1 and libnvidia-ml\.so\.1 are missing/,
    /nvidia-smi/,
    false,
  ],
  [
    "a required GPU without a card",
    { requireGpu: true, record: { kind: "gpu" }, cuda: accepted },
    /No NVIDIA card is visible/,
    /driver/,
    true,
  ],
  [
    "a required GPU with the CPU's TensorFlow",
    { requireGpu: true, devices: [card] },
    /TensorFlow is the CPU's/,
    /setup --gpu/,
    true,
  ],
  [
    "a missing libnvidia-ml",
    {
      requireGpu: true,
      record: { kind: "gpu" },
      cuda: accepted,
      devices: [card],
      missingDriver: ["libnvidia-ml.so.1"],
    },
    /libnvidia-ml\.so\.1 cannot be found/,
    /driver's libraries/,
    true,
  ],
  [
    "a missing cuDNN",
    {
      record: { kind: "gpu" },
      cuda: { accepted: false, missing: ["libcudnn.so.9"] },
      devices: [card],
      missingDriver: [],
    },
    /cannot open these CUDA libraries: libcudnn\.so\.9/,
    /setup --gpu/,
    false,
  ],
  [
    "a hidden card",
    {
      requireGpu: true,
      probe: { ...probe, exposed: "-1" },
      record: { kind: "gpu" },
      cuda: accepted,
      devices: [card],
      missingDriver: [],
    },
    /CUDA_VISIBLE_DEVICES hides/,
    /Unset/,
    true,
  ],
];
for (const [name, found, problem, remedy, blocking] of TABLE)
  test(`doctor on ${name}`, () => {
    const problems = findProblems({ ...well, ...found });
    const match = problems.find((one) => problem.test(one.problem));
    assert.ok(match, JSON.stringify(problems));
    assert.match(match.remedy, remedy);
    assert.equal(match.blocking, blocking);
  });

test("doctor says one thing of what has one cause", () => {
  const old = { ...probe, noGraphs: "the addon was built from another gradamp's sources" };
  assert.equal(findProblems({ ...well, probe: old, current: false }).length, 1);
  assert.equal(findProblems({ ...well, probe: javascript }).length, 1);
});

test("doctor finds nothing where all is well, on a CPU and on a GPU", () => {
  assert.deepEqual(findProblems(well), []);
  const gpu = { ...probe, gpu: true, exposed: "0" };
  const onGpu = {
    ...well,
    requireGpu: true,
    probe: gpu,
    record: { kind: "gpu" },
    cuda: accepted,
    devices: [card],
  } as const;
  assert.deepEqual(findProblems(onGpu), []);
});

test("copies of tfjs-core and tfjs's own bundles count as engines", () => {
  const core = "/a/node_modules/@tensorflow/tfjs-core/dist";
  assert.equal(
    countEngines([`${core}/index.js`, `${core}/ops.js`, "/a/node_modules/@tensorflow/tfjs/dist/tf.node.js"]),
    1,
  );
  assert.equal(
    countEngines([`${core}/index.js`, "/a/node_modules/danfojs/node_modules/@tensorflow/tfjs-core/dist/x.js"]),
    2,
  );
  assert.equal(countEngines([`${core}/index.js`, "/a/node_modules/@tensorflow/tfjs/dist/tf.min.js"]), 2);
});

test("nvidia-smi's lines become devices, the exposed one in use", () => {
  const text = "0, GPU-aa, NVIDIA A100-SXM4-80GB, 81920\n1, GPU-bb, NVIDIA A100-SXM4-80GB, [N/A]\n";
  assert.deepEqual(
    parseNvidiaSmi(text, { gpu: true, exposed: "1" }).map(({ name, memory, used }) => [name, memory, used]),
    [
      ["NVIDIA A100-SXM4-80GB", 81920 * 2 ** 20, false],
      ["NVIDIA A100-SXM4-80GB", null, true],
    ],
  );
});

test("Node's version is judged as package.json's engines has it", () => {
  const { engines } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    engines: { node: string };
  };
  assert.equal(engines.node, NODE_VERSIONS);
  const fits = (version: string) => nodeProblem(version) === null;
  const versions = ["18.20.4", "20.9.0", "20.19.0", "21.7.3", "22.1.0", "22.2.0", "23.0.0", "24.1.0"];
  assert.deepEqual(versions.filter(fits), ["20.19.0", "22.2.0", "23.0.0", "24.1.0"]);
  assert.ok(fits(process.versions.node));
});

test("an old Node is named before all else", () => {
  assert.match(findProblems({ ...well, node: "18.0.0", probe: null, death: "SIGABRT" })[0]!.problem, /Node 18\.0\.0/);
});
