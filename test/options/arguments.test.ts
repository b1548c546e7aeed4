/*
 * What stands in front of a function's options: every public function that needs an argument is given what none of them
 * takes, and has to say so in words of its own, before it does anything. A new function is tried by itself.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as ga from "../../src";
import * as advanced from "../../src/advanced";

type Call = (given: unknown) => unknown;

/** What no function takes as its first argument, and what one may take that needs a list, an object or a text. */
const WRONG: readonly unknown[] = [null, NaN, true, 5n, Promise.resolve(1)];
const WRONG_FOR_MOST: readonly unknown[] = [undefined, 5, "", [null], new Date(0)];

/** Words of the engine's, or of a library's, about something that the caller has never heard of. */
const RAW =
  /Cannot (read|convert|set|destructure|use|mix)|is not (a function|iterable|defined)|argument must be|Invalid array length|cannot be converted|object null|must be of type|private (field|member)|Something went wrong|^E[A-Z]+:/i;

/** Functions that need no argument: options alone, or a value by default. */
const NEEDS_NONE: ReadonlySet<string> = new Set([
  ...["enableOpDeterminism", "publishedRemarks", "install", "closeExporter", "clearOutput", "dataFolder", "doctor"],
  ...["canExport", "thisMachine", "isDeterministic"],
  // Their whole argument is options or a recipe, which every-option.test.ts tries.
  ...["vgg08", "vgg38", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101", "batchNormalization", "embedded"],
  ...["orthogonal", "deltaOrthogonal", "groupNormalization"],
  ...["adam", "adamw", "lion", "rmsprop", "sgd", "earlyStopping"],
]);

/** What is typed or waited for. */
const WAITS: ReadonlySet<string> = new Set(["input"]);

/** Functions of any value or of none that is looked at. */
const TAKES_ANYTHING: ReadonlySet<string> = new Set([
  "show",
  "graph.TraceError",
  "advanced.NotebookError",
  "advanced.LeaseLostError",
  "advanced.RunHeldError",
]);

const rooms: Readonly<Record<string, object>> = {
  "": ga,
  "figure.": ga.figure,
  "table.": ga.table,
  "statistics.": ga.statistics,
  "graph.": ga.graph,
  "advanced.": advanced,
};

function publicFunctions(): [name: string, call: Call][] {
  const seen = new Set<unknown>();
  return Object.entries(rooms).flatMap(([room, names]) =>
    Object.entries(names).flatMap(([name, value]: [string, unknown]): [string, Call][] => {
      if (typeof value !== "function" || seen.has(value)) return [];
      seen.add(value);
      const isClass = /^class\b/.test(Function.prototype.toString.call(value));
      return [[room + name, (given) => (isClass ? (Reflect.construct(value, [given]) as unknown) : (value as Call)(given))]]; // prettier-ignore
    }),
  );
}

/** What came of a call: the error, or what it gave. */
async function outcome(call: Call, given: unknown): Promise<{ error: unknown } | { value: unknown }> {
  try {
    return { value: await call(given) };
  } catch (error) {
    return { error };
  }
}

const functions = publicFunctions().filter(([name]) => !NEEDS_NONE.has(name.replace(/^.*\./, "")) && !WAITS.has(name)); // prettier-ignore

test("public functions are found", () => {
  assert.ok(functions.length > 120, `${functions.length} functions`);
});

for (const [name, call] of functions.filter(([each]) => !TAKES_ANYTHING.has(each)))
  test(`${name} refuses what it cannot take`, { timeout: 20_000 }, async () => {
    const home = process.cwd();
    const folder = mkdtempSync(join(tmpdir(), "arguments-"));
    process.chdir(folder);
    try {
      for (const given of [...WRONG, ...WRONG_FOR_MOST]) {
        const found = await outcome(call, given);
        const words = `${name}(${given instanceof Promise ? "a Promise" : String(given)})`;
        if (!("error" in found)) {
          assert.ok(WRONG_FOR_MOST.includes(given), `${words} was accepted`);
          continue;
        }
        assert.ok(found.error instanceof Error, words);
        assert.doesNotMatch(found.error.message, RAW, words);
        assert.ok(found.error.message.length > 10, words);
      }
      assert.deepEqual(readdirSync(folder), [], `${name} wrote files`);
    } finally {
      process.chdir(home);
    }
  });
