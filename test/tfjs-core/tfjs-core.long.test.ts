/** tfjs-core's own specs on gradamp's `tf`, op by op and compiled; what fails is listed with its cause, and nothing else. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { graphBinding } from "../../src/tensorflow";
import { runNode } from "../support/run-node";
import type { SpecsOutcome } from "./run-specs";

interface Expectations {
  /** Specs that fail, by what causes it. */
  readonly failures: readonly { readonly cause: string; readonly specs: readonly string[] }[];
  /** Specs that fail compiled alone. */
  readonly compiledFailures: Expectations["failures"];
  /** Ops that cannot be compiled, and why. */
  readonly refused: Readonly<Record<string, string>>;
}

const root = join(__dirname, "..", "..", "..");
const expected = JSON.parse(
  readFileSync(join(root, "test", "tfjs-core", "expected-failures.json"), "utf8"),
) as Expectations;
const folder = mkdtempSync(join(tmpdir(), "gradamp-tfjs-core-"));
after(() => rmSync(folder, { recursive: true }));

/** What became of the specs in a process of their own. */
function run(mode: "op-by-op" | "compiled"): SpecsOutcome {
  const output = join(folder, `${mode}.json`);
  const { status, stderr } = runNode([join(__dirname, "run-specs.js"), mode, output]);
  assert.equal(status, 0, stderr);
  return JSON.parse(readFileSync(output, "utf8")) as SpecsOutcome;
}

/** Asserts that the listed specs fail, and no other. */
function assertFailures({ specs }: SpecsOutcome, lists: readonly Expectations["failures"][]): void {
  const listed = new Set(lists.flatMap((list) => list.flatMap(({ specs }) => specs)));
  const unexpected = Object.entries(specs).filter(([name, failure]) => failure !== null && !listed.has(name));
  assert.deepEqual(Object.fromEntries(unexpected), {}, "specs that fail and are not listed");
  const cured = [...listed].filter((name) => specs[name] === null);
  assert.deepEqual(cured, [], "specs that are listed and pass");
  const gone = [...listed].filter((name) => !(name in specs));
  assert.deepEqual(gone, [], "specs that are listed and are not there");
}

const options = { skip: !graphBinding() && "needs native TensorFlow and gradamp's addon" };

test("every failure has a cause, and stands in one list", () => {
  const lists = [...expected.failures, ...expected.compiledFailures];
  for (const { cause } of lists) assert.match(cause, /\b(TensorFlow|tfjs|tfjs-node|jasmine|spec)\b/);
  const names = lists.flatMap(({ specs }) => specs);
  assert.deepEqual([...new Set(names)], names);
});

test("tfjs-core's specs op by op", options, (context) => {
  const outcome = run("op-by-op");
  assert.ok(Object.keys(outcome.specs).length > 4100);
  assertFailures(outcome, [expected.failures]);
  context.diagnostic(describe(outcome));
});

test("tfjs-core's specs with each op and gradient compiled beside the plain call", options, (context) => {
  const outcome = run("compiled");
  assertFailures(outcome, [expected.failures, expected.compiledFailures]);
  const { same, refused } = outcome.compiled;
  assert.ok(same > 2500, `${same} compiled calls`);
  assert.deepEqual(Object.keys(refused).sort(), Object.keys(expected.refused).sort());
  for (const [name, message] of Object.entries(refused)) {
    assert.match(message, /(\bop [A-Z]\w+|\btf\.\w+).*engine: "eager"/s, name);
  }
  context.diagnostic(describe(outcome));
});

function describe({ specs, compiled: { same, rounded, failed } }: SpecsOutcome): string {
  const count = (what: Record<string, unknown>) => Object.keys(what).length;
  const passed = Object.values(specs).filter((failure) => failure === null).length;
  return (
    `${passed} of ${count(specs)} specs pass` +
    (same === 0
      ? ""
      : `; ${same} compiled calls are the same, of ${count(rounded)} ops but for rounding, ${failed} fail alike`)
  );
}
