import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runNode } from "./support/run-node";

const root = join(__dirname, "..", "..");

/** The packages that an import of gradamp loads: what every program needs, or TensorFlow's own. */
const NEEDED = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-cpu",
  "@tensorflow/tfjs-backend-webgl",
  "@tensorflow/tfjs-converter",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-data",
  "@tensorflow/tfjs-layers",
  "@tensorflow/tfjs-node-gpu",
  "@uwdata/flechette",
  "arquero",
  "fast-levenshtein",
  "google-protobuf",
  "graceful-fs",
  "long",
  "pend",
  "progress",
  "proper-lockfile",
  "pure-rand",
  "retry",
  "seedrandom",
  "signal-exit",
  "simple-statistics",
  "yauzl",
];

/** Runs a program that has imported gradamp, and gives the paths of the modules it has loaded. */
function modulesOf(program: string): string[] {
  const text = `const ga = require(${JSON.stringify(root)}); ${program}; console.log(JSON.stringify(Object.keys(require.cache)))`;
  const { status, stdout, stderr } = runNode(["-e", text]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as string[];
}

const packagesOf = (modules: readonly string[]): string[] => [
  ...new Set(modules.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])),
];

test("importing gradamp loads only the packages that every program needs", () => {
  const loaded = modulesOf("");
  // What one use alone needs is required by that use: see src/statistics/distributions.ts.
  const strangers = packagesOf(loaded).filter((name) => !NEEDED.includes(name));
  assert.deepEqual(strangers, []);
  const others = loaded.filter((file) => file.includes("node_modules")).length;
  assert.ok(others > 0 && others <= 230, `Expected at most 230 modules of packages but found ${others}`);
});

test("what is not loaded at the import is there when it is used", () => {
  const loaded = modulesOf(
    `if (!(ga.statistics.summarise([1, 2, 4]).low < 7 / 3)) throw new Error("Expected an interval");
     const inside = { paths: [${JSON.stringify(root)}] };
     const addon = require("node:module").createRequire(require.resolve("@tensorflow/tfjs-node-gpu", inside));
     if (!addon("@mapbox/node-pre-gyp").Run) throw new Error("Expected the real package")`,
  );
  assert.ok(packagesOf(loaded).some((name) => name.startsWith("@stdlib/")));
});

test("a cache folder that cannot be written to does not stop the import", () => {
  const { status, stderr } = runNode(["-e", `require(${JSON.stringify(root)})`], {
    environment: { XDG_CACHE_HOME: process.execPath, GRADAMP_CACHE: "" },
  });
  assert.equal(status, 0, stderr);
});
