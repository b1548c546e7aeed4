import assert from "node:assert/strict";
import { test } from "node:test";
import { executeNotebook } from "../../src/execute/execute-notebook";
import { makeNotebook } from "./make-notebook";

test("executeNotebook does not hang where the kernel loses messages", async () => {
  // Stock tslab loses what exceeds 512 messages of one tick, the idle status among them.
  const path = makeNotebook("for (let i = 0; i < 2000; i++) console.log(i);\n0;", "console.log('on');");
  const notebook = await executeNotebook(path);
  assert.deepEqual(notebook.cells[1]?.outputs, [{ output_type: "stream", name: "stdout", text: "on\n" }]);
});
