import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Output } from "../../../src/kernel/cells/output";

test("a line is passed on at once, many in few pieces, in the order of the two streams", async () => {
  const passed: [string, string][] = [];
  const output = new Output((name, text) => passed.push([name, text]));
  output.write("stdout", "first");
  assert.deepEqual(passed, [["stdout", "first"]]);
  for (let i = 0; i < 1000; i++) output.write("stdout", ".");
  output.write("stderr", "c");
  output.write("stdout", "d");
  await nextTurn();
  assert.ok(passed.length < 100, `${passed.length}`);
  const joined = passed.map(([name, text]) => (name === "stderr" ? `<${text}>` : text)).join("");
  assert.equal(joined, `first${".".repeat(1000)}<c>d`);
});

test("code that does not end its turn is heard of all the same", () => {
  const passed: string[] = [];
  const output = new Output((_, text) => passed.push(text));
  const until = performance.now() + 200;
  while (performance.now() < until) output.write("stdout", ".");
  assert.ok(passed.length >= 2, `${passed.length}`);
});
