import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { runNode } from "./support/run-node";

const root = join(__dirname, "..", "..");
// Beside the notebooks, from where npm's link leads to gradamp.
const folder = mkdtempSync(join(root, "notebooks", "test-"));
after(() => rmSync(folder, { recursive: true }));

const USE = "console.log(JSON.stringify({ sum: ga.tf.sum([1, 2]).dataSync()[0], door: typeof ga.tf.layers.dense }));";

for (const [name, line] of [
  ["import.mjs", 'import * as ga from "gradamp";'],
  ["require.cjs", 'const ga = require("gradamp");'],
] as const)
  test(`gradamp is there for ${line}`, () => {
    writeFileSync(join(folder, name), `${line}\n${USE}\n`);
    const { status, stdout, stderr } = runNode([join(folder, name)]);
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), { sum: 3, door: "function" });
  });

/** What the type checker says of a file, with the options of a module or of a CommonJS program. */
function check(name: string, text: string, module: ts.ModuleKind, moduleResolution: ts.ModuleResolutionKind): string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  const options = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    module,
    moduleResolution,
    target: ts.ScriptTarget.ES2022,
    types: [],
  };
  const program = ts.createProgram([file], options);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

for (const [name, line] of [
  ["typed.mts", 'import * as ga from "gradamp";'],
  ["typed.cts", 'import ga = require("gradamp");'],
] as const)
  test(`gradamp is typed for ${line}`, () => {
    const right = `${line}\nexport const sum: number = ga.tf.sum([1, 2]).dataSync()[0]!;\n`;
    assert.deepEqual(check(name, right, ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext), []);
    const wrong = `${line}\nexport const sum: number = ga.tf.sum([1, 2]);\n`;
    const [message] = check(name, wrong, ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext);
    assert.match(String(message), /Type 'Tensor.*' is not assignable to type 'number'/);
  });

test("names that moved to gradamp/advanced are still found under ga, unlisted", () => {
  const surface = require("gradamp") as Record<string, unknown>;
  const advanced = require("gradamp/advanced") as Record<string, unknown>;
  assert.equal(Object.keys(surface).filter((name) => name in advanced).length, 0);
  const moved = Object.getOwnPropertyNames(surface).filter((name) => !(name in advanced) && !Object.keys(surface).includes(name)); // prettier-ignore
  assert.deepEqual(moved, []);
  assert.equal(surface["planSweep"], advanced["planSweep"]);
  assert.equal(Object.keys(surface).includes("planSweep"), false);
});
