/*
 * What stands behind a function's first argument: each function is called as it should be, but for one argument, which it
 * has to refuse in words of its own before it does anything. A new function with several arguments needs a line in CALLS.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import * as ga from "../../src";
import * as advanced from "../../src/advanced";
import { show } from "../../src/options";

const { tf } = ga;
const model = ga.vgg08({ classes: 10, width: 2 });
const data = ga.embedded({ train: 20, validation: 10, test: 10 });
const tensors = { positions: tf.tensor1d([0, 1], "int32"), logits: tf.zeros([2, 3]) };
const plan = tf.tensor2d([0, 0, 0, 0, 0], [1, 5], "int32");
const rules = { directionality: "G", sides: "one", threshold: 1 } as const;
const runs = [1, 2, 4].map((value, seed) => ({ seed, value }));
const others = [2, 3, 3].map((value, seed) => ({ seed, value }));
const trial = ga.trials("vgp")[0]!;
after(() => {
  model.dispose();
  data.dispose();
});

/** Arguments with which each may be called; the first that is wrong is one of the later. */
const CALLS: Readonly<Record<string, readonly unknown[]>> = {
  evaluationBatch: [data, data.test, tensors.positions],
  trainingBatch: [data, plan, tensors.positions],
  train: [model, data],
  startTraining: [model, data, {}, {}],
  evaluate: [model, data, data.test],
  predict: [model, data, data.test],
  keyed: ["double", () => 1],
  group: [model, "bn"],
  parseStages: ["[(50, 0.1, amp, 2)]", { amp: 0.3 }],
  scaleGradient: [tensors.logits, tf.scalar(2)],
  selectLayers: [["a", "b"], 0.5, 1],
  selectByDirectionality: [[{ layer: "a", ratio: 1 }], rules],
  notebookHtml: [{ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }, "a.ipynb"],
  exportStatic: [{ data: [], layout: {} }, "svg", {}],
  exportRows: ["runs", "rows.csv"],
  saveRun: [{ epochs: [] }, "run"],
  rerunTrials: [trial, [1, 2]],
  "statistics.holm": [[0.1, 0.2], 0.95],
  "statistics.checkOneSetting": [[{ a: 1 }], "rows", []],
  "statistics.differingSetting": [[{ a: 1 }], []],
  "statistics.pairedDifference": [runs, others],
  "statistics.summariseDifference": [ga.statistics.pairedDifference(runs, others), 0.95],
  "statistics.judgeDifference": [{ low: 0, high: 1 }, 1],
  "statistics.judgeNumber": [
    { low: 0, high: 1 },
    { value: 1, allowed: 0.1 },
  ],
  "advanced.scaleEnds": [[{ end: 1 }], 2, () => 1],
  "advanced.selectionSize": [5, 0.5],
  "advanced.stratifiedSplit": [[0, 1, 0, 1], [1, 2], { seed: 1 }],
  "advanced.gradientHistogram": [tensors.logits, { low: -4, high: 4 }],
  "advanced.sparseSoftmaxCrossEntropy": [tensors.logits, tensors.positions],
  "advanced.histogramQuantile": [{ zeros: 0, counts: [1, 2] }, { low: -1, high: 1 }, 0.5],
  "advanced.compact": ["run", "epochs"],
  "advanced.recordTraining": [model, data, {}, { folder: "run" }],
  "advanced.writeRunInfo": ["run", {}],
  "advanced.writeSegment": ["run", "epochs", [{ epoch: 1 }]],
  "advanced.planSweep": [[trial], {}],
  "advanced.planTraining": [model, data, {}],
  Run: ["run", "vgg08", 10, "data", {}],
};

/** Errors, which show what they are given. Arguments called options are every-option.test.ts' business. */
const ONLY_SHOWN: ReadonlySet<string> = new Set([
  "advanced.NotebookError",
  "advanced.LeaseLostError",
  "advanced.RunHeldError",
]);

const WRONG: readonly unknown[] = [
  null,
  NaN,
  true,
  5n,
  Promise.resolve(1),
  Symbol("s"),
  new Date(0),
  "no such word",
  [null],
  -3.5,
];
/** What some take where most do not. */
const MAY_DO: ReadonlySet<unknown> = new Set(["no such word", -3.5]);

const RAW =
  /Cannot (read|convert|set|destructure|use|mix)|is not (a function|iterable|defined)|argument must be|Invalid array length|cannot be converted|object null|must be of type|private (field|member)|Something went wrong|^E[A-Z]+:/i;

type Callable = (...values: readonly unknown[]) => unknown;

/** What a function calls its arguments, where it names them. */
function parameters(given: Callable): string[] {
  const text = Function.prototype.toString.call(given);
  const source = ts.createSourceFile("f.js", `(${text})`, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  let found: readonly ts.ParameterDeclaration[] = [];
  const statement = source.statements[0]!;
  const visit = (node: ts.Node, depth: number): void => {
    if (ts.isClassExpression(node)) {
      found = node.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
    } else if (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) found = node.parameters;
    else if (depth < 3) ts.forEachChild(node, (child) => visit(child, depth + 1));
  };
  visit(statement, 0);
  return found.map((each) => each.name.getText());
}

/** What a call throws; null where it goes well. */
async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return error;
  }
}

const rooms: Readonly<Record<string, object>> = {
  "": ga,
  "figure.": ga.figure,
  "table.": ga.table,
  "statistics.": ga.statistics,
  "graph.": ga.graph,
  "advanced.": advanced,
};

function severalArguments(): { name: string; call: Callable; names: string[] }[] {
  const seen = new Set<unknown>();
  return Object.entries(rooms).flatMap(([room, functions]) =>
    Object.entries(functions).flatMap(([name, value]: [string, unknown]) => {
      if (typeof value !== "function" || seen.has(value)) return [];
      seen.add(value);
      const names = parameters(value as Callable);
      const isClass = /^class\b/.test(Function.prototype.toString.call(value));
      const call = isClass ? (...values: readonly unknown[]) => Reflect.construct(value, values) as unknown : value;
      return names.length > 1 ? [{ name: room + name, call: call as Callable, names }] : [];
    }),
  );
}

const found = severalArguments();

test("every function of several arguments is called as it should be", () => {
  assert.ok(found.length > 60, `${found.length}`);
  const without = found.filter(
    ({ name, names }) => !(name in CALLS) && !ONLY_SHOWN.has(name) && names.slice(1).some((each) => each !== "options"),
  );
  assert.deepEqual(
    without.map(({ name, names }) => `${name}(${names.join(", ")})`),
    [],
  );
  const names = new Set(found.map(({ name }) => name));
  assert.deepEqual(
    Object.keys(CALLS).filter((name) => !names.has(name)),
    [],
  );
});

for (const { name, call } of found.filter(({ name }) => name in CALLS))
  test(`${name} refuses what a later argument cannot be`, { timeout: 20_000 }, async () => {
    const home = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "later-arguments-"));
    process.chdir(folder);
    try {
      const right = CALLS[name]!;
      for (let at = 1; at < right.length; at++)
        for (const given of WRONG) {
          const values = right.map((value, place) => (place === at ? given : value));
          const words = `${name}: ${String(given)} at ${at}`;
          const error = await errorOf(() => call(...values));
          if (error === null && MAY_DO.has(given)) {
            // A path as good as any.
            for (const file of readdirSync(folder)) rmSync(join(folder, file), { recursive: true });
            continue;
          }
          assert.ok(error instanceof TypeError || error instanceof RangeError, `${words}: ${String(error)}`);
          assert.doesNotMatch(error.message, RAW, words);
          assert.match(error.message, /^Expected .+ (but found .+|found)/, words);
          // What is refused is what was wrong, and not something else in the call.
          const refused = Array.isArray(given)
            ? /null/
            : given instanceof Promise
              ? /Promise|found 1/
              : given === null
                ? /null|none/
                : null;
          if (refused) assert.match(error.message, refused, words);
          else assert.ok(error.message.includes(show(given)) || error.message.includes(String(given)), `${words}: ${error.message}`); // prettier-ignore
        }
      assert.deepEqual(readdirSync(folder), [], `${name} wrote files`);
    } finally {
      process.chdir(home);
    }
  });
