import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";

import { describeFailure } from "../../src/cli/failure";
import { saveRun } from "../../src/runs";
import { visibleText } from "../../src/progress/visible-text";
import { temporaryFolder } from "../runs/support";
import { runNode } from "../support/run-node";
import { runRecord } from "../tables/sample-runs";

const gradamp = join(__dirname, "..", "..", "..", "bin", "gradamp.cjs");
const folder = temporaryFolder({ after } as never);

/** A command line that fails, its exit code, and what it says. */
const FAILURES: [string[], number, RegExp][] = [
  [["runs", "list", "/nowhere"], 1, /Expected a folder of runs at \/nowhere but found nothing/],
  [["runs", "list", gradamp], 1, /Expected a folder of runs at .*gradamp\.cjs but found a file/],
  [["runs", "show", "/nowhere"], 1, /Expected \/nowhere\/run\.json to describe a run but .*there is no such file/],
  [["runs", "compare", "/nowhere", gradamp], 1, /there is no such file/],
  [["runs", "show", gradamp], 1, /a part of the path is a file and no folder/],
  [["train", "--config", folder], 2, /it is a folder and no file: check the path/],
  [["train", "--epochs"], 2, /argument missing/],
  [["sweep", "/nowhere.json"], 2, /Expected to read \/nowhere\.json but there is no such file/],
  [["data", "verify", "mnist"], 1, /cifar-10/],
];

for (const [words, code, message] of FAILURES)
  test(`gradamp ${words.join(" ")} fails in one sentence, which --json has as one object on stdout`, () => {
    const plain = runNode([gradamp, ...words]);
    assert.deepEqual([plain.status, plain.stdout], [code, ""]);
    assert.match(plain.stderr, message);
    assert.doesNotMatch(plain.stderr, /^ +at |ENOENT: |EISDIR: |Cannot read properties/m);
    const { status, stdout } = runNode([gradamp, ...words, "--json"]);
    assert.equal(status, code);
    // Some commands have no --json: then that is what is wrong.
    const { error } = JSON.parse(stdout) as { error: { message: string; exitCode: number } };
    assert.equal(error.exitCode, code);
    assert.ok(error.message.length > 0);
  });

test("an output that cannot be written is said in one sentence", { skip: !existsSync("/dev/full") }, () => {
  saveRun(
    runRecord({ name: "a", model: "VGG08", options: { epochs: 1 } }, [{ trainLoss: 3 }]),
    join(folder, "runs", "a"),
  );
  for (const words of [["runs", "list", join(folder, "runs")], ["data", "list"], ["--help"]]) {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [gradamp, ...words], { stdio: ["ignore", full, "pipe"], encoding: "utf8" }); // prettier-ignore
    assert.equal(status, 1, words.join(" "));
    assert.match(stderr, /^gradamp: Expected to write .*no space.*\n$/, words.join(" "));
  }
});

test("no escape that a run's own strings hold reaches the terminal", () => {
  const evil = "a\x1b[2J\x1b]0;title\x07\u202eb";
  const record = runRecord({ name: evil, model: evil, options: { epochs: 1, note: evil } }, [{ trainLoss: 3 }]);
  saveRun({ ...record, dataset: evil }, join(folder, "evil", "a"));
  for (const words of [
    ["list", join(folder, "evil")],
    ["show", join(folder, "evil", "a")],
    ["compare", join(folder, "evil", "a")],
  ]) {
    const { stdout, stderr } = runNode([gradamp, "runs", ...words]);
    assert.ok(stdout.includes("a"), stderr);
    assert.ok(!/[\x1b\x07\u202e]/.test(stdout + stderr), `${words.join(" ")}: ${JSON.stringify(stdout)}`);
  }
  assert.equal(visibleText("a\x1b[2J\tb\n\u202e"), "a\\x1b[2J\tb\n\\u202e");
});

test("the system's errors are put into words, and slips of the program are called that", () => {
  const system = (code: string, syscall: string, path?: string) =>
    describeFailure(Object.assign(new Error(`${code}: raw`), { code, syscall, ...(path ? { path } : {}) })).message;
  assert.match(system("ENOENT", "open", "/a"), /^Expected to read \/a but there is no such file/);
  assert.match(system("EACCES", "mkdir", "/a"), /^Expected to write \/a but writing is not permitted there/);
  assert.match(system("ENOSPC", "write"), /^Expected to write the command's output but no space is left/);
  const slip = describeFailure(new TypeError("Cannot read properties of undefined (reading 'at')"));
  assert.match(slip.message, /^Something went wrong within gradamp: Cannot read properties/);
  assert.match(slip.remedy!, /GRADAMP_DEBUG/);
  assert.equal(describeFailure(null).message, "Something that is no error was thrown: null");
});
