import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { packageRoot } from "../../src/files/package-root";
import { setUpLab } from "../../src/kernel/lab/set-up-lab";
import { type CellOutput, parseNotebook } from "../../src/execute/notebook-format";
import { nativeBackend } from "../../src/tensorflow";
import { type CommandResult, runCommand } from "../../src/tensorflow/setup/run-command";
import { testLab } from "../browser/test-lab";
import { makeNotebook } from "../execute/make-notebook";

interface Reply {
  status: string;
  execution_count: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}
interface Ran {
  messages: { type: string; content: Record<string, unknown> }[];
  reply: Reply;
}
/** What drive-kernel.py prints. */
interface Facts {
  info: { implementation: string; protocol_version: string };
  lines: { complete: boolean; count: number; status: string };
  interrupts: Record<"await" | "loop" | "training", (Reply & { seconds: number })[]>;
  alive: Ran;
  bundle: { content: { data: Record<string, unknown> } }[];
  error: Ran;
  queued: string[];
  stdin: unknown[];
  busy: { beating: boolean; matches: string[]; ended: boolean; reply: Reply };
  crash: Reply;
  "after crash": Reply;
  "after restart": Reply;
  gone: boolean;
}

describe("the kernel in the hands of jupyter_client", { skip: nativeBackend() === null && "needs TensorFlow" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "gradamp-jupyter-client-"));
  const made: string[] = [folder];
  let environment: string;
  let facts: Facts;
  before(async () => {
    ({ folder: environment } = await setUpLab(testLab()));
    const script = join(packageRoot(), "test", "kernel", "jupyter", "drive-kernel.py");
    const { status, stdout, output } = await runCommand(join(environment, "bin", "python"), [script, folder]);
    assert.equal(status, 0, output);
    facts = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Facts;
    for (const [name, all] of Object.entries(facts.interrupts))
      console.log(`interrupted ${name}: after ${all.map(({ seconds }) => seconds.toFixed(2)).join(" s, ")} s`);
  });
  after(() => made.forEach((each) => rmSync(each, { recursive: true, force: true })));

  test("is found by its name and says what it is", () => {
    assert.deepEqual([facts.info.implementation, facts.info.protocol_version.split(".")[0]], ["gradamp", "5"]);
  });

  test("loses none of 20,000 lines, nor the idle status", () => {
    assert.deepEqual(facts.lines, { complete: true, count: 20_000, status: "ok" });
  });

  for (const what of ["await", "loop", "training"] as const)
    test(`stops at an interrupt, twice in a row: ${what}`, () => {
      assert.deepEqual(
        facts.interrupts[what].map(({ status, ename }) => [status, ename]),
        [
          ["error", "Interrupted"],
          ["error", "Interrupted"],
        ],
      );
      const [, input, result] = facts.alive.messages;
      assert.equal(input?.content.execution_count, facts.alive.reply.execution_count);
      assert.deepEqual(result?.content.data, { "text/plain": "21" });
    });

  test("sends a bundle of four types in one message", () => {
    const [shown] = facts.bundle;
    assert.deepEqual(Object.keys(shown?.content.data ?? {}).sort(), [
      "application/json",
      "image/png",
      "text/html",
      "text/plain",
    ]);
  });

  test("tells an error with its line, and aborts what waits behind it", () => {
    const { reply, messages } = facts.error;
    assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "RangeError", "too far"]);
    assert.match((reply.traceback ?? []).join("\n"), /Cell \[\d+\]:3:7/);
    assert.equal(messages.find(({ type }) => type === "error")?.content.ename, "RangeError");
    assert.deepEqual(facts.queued, ["aborted", "aborted"]);
  });

  test("asks the user for a line", () => {
    assert.deepEqual(facts.stdin, [{ "text/plain": "Ada" }]);
  });

  test("passes the Jupyter project's own suite for kernels, all of it", async () => {
    const python = join(environment, "bin", "python");
    const fetched = await runCommand(python, ["-m", "pip", "install", "--quiet", "jupyter_kernel_test"]);
    assert.equal(fetched.status, 0, fetched.output);
    const { output } = await runCommand(python, ["-m", "unittest", "-v", "kernel_suite"], {
      cwd: join(packageRoot(), "test", "kernel", "jupyter"),
    });
    console.log(`jupyter_kernel_test: ${(output.match(/ \.\.\. ok$/gm) ?? []).length} of 13`);
    assert.match(output, /^Ran 13 tests in .*\n\nOK$/m, output);
  });

  test("beats and completes while a cell computes", () => {
    const { beating, matches, ended, reply } = facts.busy;
    assert.deepEqual([beating, ended, reply.status], [true, false, "ok"]);
    assert.ok(matches.includes("alive"));
  });

  test("reports the end of its cells' process, goes on, restarts, and ends", () => {
    assert.equal(facts.crash.ename, "ProcessEnded");
    assert.equal(facts["after crash"].status, "ok");
    assert.match(facts["after restart"].evalue ?? "", /Cannot find name 'alive'/);
    assert.equal(facts["after restart"].execution_count, 1);
    assert.equal(facts.gone, true);
  });

  test("gives papermill's parameters their place, with the types that the notebook has given them", async () => {
    const python = join(environment, "bin", "python");
    const fetched = await runCommand(python, ["-m", "pip", "install", "--quiet", "papermill"]);
    assert.equal(fetched.status, 0, fetched.output);
    const path = makeNotebook('const rate: number = 0.1; const mode: "a" | "b" = "a";', "`${rate} ${mode}`");
    made.push(dirname(path));
    const notebook = JSON.parse(readFileSync(path, "utf8")) as { cells: { metadata: object }[] };
    notebook.cells[0]!.metadata = { tags: ["parameters"] };
    writeFileSync(path, JSON.stringify(notebook));
    const run = (...parameters: string[]) =>
      runCommand(join(environment, "bin", "papermill"), [path, join(dirname(path), "out.ipynb"), ...parameters]);
    const right = await run("-p", "rate", "0.5", "-p", "mode", "b");
    assert.equal(right.status, 0, right.output);
    assert.match(readFileSync(join(dirname(path), "out.ipynb"), "utf8"), /"0\.5 b"/);
    const wrong = await run("-p", "mode", "c");
    assert.match(wrong.output, /Type '"c"' is not assignable to type '"a" \| "b"'/);
    assert.match((await run("--help-notebook")).output, /rate: number \(default 0\.1\)/);
  });

  /** Executes a notebook whose second cell fails. */
  async function convert(...flags: string[]): Promise<{ result: CommandResult; counts: unknown[]; errors: string[] }> {
    const path = makeNotebook("const a = 1;\na", "throw new Error(`no ${a}`);", "console.log('behind');");
    made.push(dirname(path));
    const words = ["nbconvert", "--to", "notebook", "--execute", "--output", "executed", ...flags, basename(path)];
    const result = await runCommand(join(environment, "bin", "jupyter"), words, { cwd: dirname(path) });
    const executed = join(dirname(path), "executed.ipynb");
    if (result.status !== 0) return { result, counts: [], errors: [] };
    const { cells } = parseNotebook(readFileSync(executed, "utf8"), executed);
    const outputs = cells.flatMap((cell): CellOutput[] => cell.outputs ?? []);
    const errors = outputs.flatMap((output) => (output.output_type === "error" ? [output.evalue] : []));
    return { result, counts: cells.map((cell) => cell.execution_count), errors };
  }

  test("makes nbconvert --execute fail at a failing cell", async () => {
    const { result } = await convert();
    assert.notEqual(result.status, 0);
    assert.match(result.output, /CellExecutionError[\s\S]*Error: no 1/);
  });

  test("lets nbconvert --allow-errors run and number every cell", async () => {
    const { result, counts, errors } = await convert("--allow-errors");
    assert.equal(result.status, 0, result.output);
    assert.deepEqual([counts, errors], [[1, 2, 3], ["no 1"]]);
  });
});
