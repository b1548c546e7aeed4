import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { MeasuringProcess, Unavailable } from "../../bench/measure/measuring-process";
import type { Task } from "../../bench/measure/task";
import { root } from "../support/committed-text";

const task: Task = {
  ...{ network: "vgg08", engine: "torch", precision: "float32", variant: null, batch: 2, classes: 10, width: 4 },
  ...{ optimizer: "sgd", learningRate: 0.1, steps: 1, parameters: 7, threads: 1, device: "cpu", topology: "" },
  ...{ amplify: null, measure: null },
};

/** A process whose program is given. */
const process_ = (program: string) => new MeasuringProcess("it", [process.execPath, "-e", program], task);
const say = (value: object) => `fs.writeSync(3, ${JSON.stringify(JSON.stringify(value))} + "\\n");`;

test("a process answers with what its steps took, and ends with its input", async () => {
  const runner = process_(`
    console.log("noise on standard output");
    ${say({ parameters: 7, versions: { it: "1" } })}
    require("readline").createInterface({ input: process.stdin })
      .on("line", (line) => fs.writeSync(3, JSON.stringify({ steps: +line, ms: 2 * line }) + "\\n"));`);
  await runner.start();
  assert.deepEqual(runner.ready?.versions, { it: "1" });
  assert.deepEqual([await runner.run(3), await runner.run(5)], [{ steps: 3, ms: 6 }, { steps: 5, ms: 10 }]); // prettier-ignore
  await runner.stop();
  assert.equal(runner.memory(), null);
});

test("one that cannot measure says why", async () => {
  await assert.rejects(process_(say({ unavailable: "no such engine" })).start(), new Unavailable("no such engine"));
});

test("one that dies leaves its last words", async () => {
  await assert.rejects(
    process_(`throw new Error("out of ideas")`).start(),
    /it ended before it answered:[^]*out of ideas/,
  );
});

test("one that is killed says by what", async () => {
  await assert.rejects(
    process_(`process.kill(process.pid, "SIGKILL")`).start(),
    /it ended by SIGKILL before it answered/,
  );
});

test("another network than the one to be measured is refused", async () => {
  const runner = process_(say({ parameters: 8, versions: {} }));
  await assert.rejects(runner.start(), /Expected 7 trainable parameters but it has 8/);
  await runner.stop();
});

const noPython = spawnSync("python3", ["--version"]).status !== 0;
for (const [program, lacks] of [
  ["torch_steps.py", "torch"],
  ["keras_steps.py", "numpy"],
] as const) {
  test(`${program} says that a Python lacks ${lacks}`, { skip: noPython }, async () => {
    // -S: no packages but Python's own.
    const command = ["python3", "-S", join(root, "bench", "python", program)];
    await assert.rejects(new MeasuringProcess("it", command, task).start(), (error) => {
      assert.ok(error instanceof Unavailable);
      assert.match(error.message, new RegExp(`lacks ${lacks}`));
      return true;
    });
  });
}
