import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { kernelCommand } from "../../src/kernel/kernel-command";
import { Session } from "./session";

const library = JSON.stringify(join(__dirname, "..", "..", "src", "cell", "display-bundle.js"));

/** These speak the protocol of a real kernel, over its sockets; `protocol.long.test.ts` does it with jupyter_client. */
describe("the kernel's protocol", () => {
  let session: Session;
  before(async () => (session = await Session.start()));
  after(() => session.close());

  test("runs the project's own kernel, which says what it is", async () => {
    assert.match(kernelCommand()[1] ?? "", /bin\/kernel\.cjs$/);
    const info = (await session.client.request("kernel_info_request", {})) as {
      implementation: string;
      language_info: { name: string; pygments_lexer: string };
    };
    assert.equal(info.implementation, "gradamp");
    assert.deepEqual([info.language_info.name, info.language_info.pygments_lexer], ["typescript", "typescript"]);
  });

  test("tells the code and its number, and gives the last value as result of that number", async () => {
    const { status, count, messages } = await session.run("const first: number = 20;\nfirst + 1");
    assert.deepEqual([status, count], ["ok", 1]);
    assert.deepEqual(
      messages.map(({ type }) => type),
      ["status", "execute_input", "execute_result", "status"],
    );
    assert.deepEqual(messages[1]?.content, { code: "const first: number = 20;\nfirst + 1", execution_count: 1 });
    assert.deepEqual(messages[2]?.content.data, { "text/plain": "21" });
  });

  test("loses none of 20,000 lines, nor the idle status after them", async () => {
    const { stdout, messages } = await session.run("for (let i = 0; i < 20_000; i++) console.log(`line ${i}`);");
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, 20_000);
    assert.ok(lines.every((line, at) => line === `line ${at}`));
    assert.equal(messages.at(-1)?.content.execution_state, "idle");
  });

  test("keeps what standard output and standard error say in order, as text also where bytes are cut", async () => {
    const { messages } = await session.run(
      'console.log("a"); console.error("b"); const bytes = Buffer.from("ü€\\n"); for (const byte of bytes) process.stdout.write(Buffer.from([byte]));',
    );
    // However it is cut into messages.
    const printed: [name: string, text: string][] = [];
    for (const { type, content } of messages) {
      if (type !== "stream") continue;
      const last = printed.at(-1);
      if (last && last[0] === content.name) last[1] += content.text as string;
      else printed.push([content.name as string, content.text as string]);
    }
    assert.deepEqual(printed, [
      ["stdout", "a\n"],
      ["stderr", "b\n"],
      ["stdout", "ü€\n"],
    ]);
  });

  test("shows four types in one output, and replaces it by its display id", async () => {
    const { messages } = await session.run(`
      const { displayBundle } = require(${library});
      const data = { "text/html": "<b>1</b>", "image/png": "iVBORw0KGgo=", "application/json": { a: 1 }, "text/plain": "1" };
      displayBundle(data, { displayId: "mine" });
      displayBundle({ "text/plain": "2" }, { displayId: "mine", update: true });`);
    const [shown, replaced] = messages.filter(({ type }) => type.endsWith("display_data"));
    assert.deepEqual([shown?.type, Object.keys(shown?.content.data as object).length], ["display_data", 4]);
    assert.deepEqual(shown?.content.transient, { display_id: "mine" });
    assert.deepEqual(replaced?.type, "update_display_data");
    assert.deepEqual(
      [replaced?.content.data, replaced?.content.transient],
      [{ "text/plain": "2" }, { display_id: "mine" }],
    );
  });

  test("tells an error's name, message and lines of the cell, comments and types not left out of the count", async () => {
    const { status, error, messages } = await session.run(
      [
        "// a comment",
        "interface Point { x: number }",
        "",
        "function fail(point: Point): never {",
        "  throw new RangeError(`too far: ${point.x}`);",
        "}",
        "const point: Point = { x: 7 };",
        "",
        "await null;",
        "fail(point);",
      ].join("\n"),
    );
    assert.equal(status, "error");
    assert.deepEqual([error?.ename, error?.evalue], ["RangeError", "too far: 7"]);
    const cell = `Cell [${messages[1]?.content.execution_count as number}]`;
    const places = [...(error?.traceback ?? "").matchAll(/Cell \[\d+\]:\d+:\d+/g)].map(([place]) => place);
    assert.deepEqual(places, [`${cell}:5:9`, `${cell}:10:1`]);
    assert.match(error?.traceback ?? "", /5 \| {3}throw new RangeError/);
  });

  test("names the await through which an error came", async () => {
    const { error } = await session.run(
      'async function late() {\n  await null;\n  throw new Error("late");\n}\n\nawait late();',
    );
    assert.match(error?.traceback ?? "", /at late \(Cell \[\d+\]:3:9\)\n.*at async Cell \[\d+\]:6:7/);
  });

  test("shows a type error with its line, and does not run the cell", async () => {
    const { status, error, stdout } = await session.run('console.log("ran");\nconst n: number = "text";');
    assert.deepEqual([status, error?.ename, stdout], ["error", "TypeScriptError", ""]);
    assert.equal(error?.evalue, "Type 'string' is not assignable to type 'number'.");
    assert.match(error?.traceback ?? "", /Cell \[\d+\]:2:7/);
    assert.match(error?.traceback ?? "", /2 \| const n: number = "text";\n {2}\| {7}~/);
  });

  test("aborts the cells that wait behind one that fails, and runs those that come later", async () => {
    const all = await Promise.all([
      session.run("await new Promise(resolve => setTimeout(resolve, 100)); throw new Error('no');"),
      session.run("console.log('never')"),
      session.run("2"),
    ]);
    assert.deepEqual(
      all.map(({ status, stdout }) => [status, stdout]),
      [
        ["error", ""],
        ["aborted", ""],
        ["aborted", ""],
      ],
    );
    assert.equal((await session.run("3")).result, "3");
  });

  test("runs the cells behind a failing one where the client says so", async () => {
    const all = await Promise.all([
      session.run("throw new Error('no');", { stopOnError: false }),
      session.run("4", { stopOnError: false }),
    ]);
    assert.deepEqual(
      all.map(({ status }) => status),
      ["error", "ok"],
    );
    assert.equal((all[1]?.count ?? 0) - (all[0]?.count ?? 0), 1);
  });

  test("answers its heartbeat, completion and inspection while a cell computes without a pause", async () => {
    const answers: Promise<unknown[]>[] = [];
    const { status, stdout } = await session.run(
      'console.log("on"); const until = Date.now() + 3000; while (Date.now() < until); console.log("done");',
      {
        onText: () => {
          if (answers.length > 0) return;
          answers.push(
            Promise.all([
              session.client.heartbeat(),
              session.client.request("complete_request", { code: "firs", cursor_pos: 4 }),
              session.client.request("inspect_request", { code: "first", cursor_pos: 2, detail_level: 0 }),
            ]).then((all) => [...all, Date.now()]),
          );
        },
      },
    );
    const ended = Date.now();
    const [, completion, inspection, answered] = (await answers[0]) as [
      number,
      { matches: string[] },
      { data: Record<string, string> },
      number,
    ];
    assert.ok(answered < ended, "the answers came while the cell ran");
    assert.ok(completion.matches.includes("first"));
    assert.equal(inspection.data["text/plain"], "const first: number");
    assert.deepEqual([status, stdout], ["ok", "on\ndone\n"]);
  });

  test("counts characters as Jupyter does, beyond 65,536 too", async () => {
    const code = '"🦔🦔"; first.toF';
    const found = (await session.client.request("complete_request", { code, cursor_pos: [...code].length })) as {
      matches: string[];
      cursor_start: number;
      cursor_end: number;
    };
    assert.ok(found.matches.includes("toFixed"));
    assert.deepEqual([found.cursor_start, found.cursor_end], [[...code].length - 3, [...code].length]);
  });

  test("knows whether a cell is complete", async () => {
    const complete = (code: string) => session.client.request("is_complete_request", { code });
    assert.equal((await complete("1 + 1"))?.status, "complete");
    assert.deepEqual(await complete("function f() {"), { status: "incomplete", indent: "  " });
  });

  test("neither counts nor shows what runs silently", async () => {
    const before = (await session.run("0")).count;
    const messages: string[] = [];
    const content = { code: "console.log('silent')", silent: true, store_history: false };
    await session.client.request("execute_request", content, { onMessage: ({ type }) => messages.push(type) });
    assert.deepEqual([...new Set(messages)], ["status"]);
    assert.equal((await session.run("0")).count, before + 1);
  });

  test("refuses to read from standard input where the client cannot ask, so that nothing waits for ever", async () => {
    const { error } = await session.run(
      'const { createInterface } = require("node:readline/promises");\nawait createInterface({ input: process.stdin }).question("name? ");',
    );
    assert.equal(error?.ename, "InputRefused");
    assert.match(
      error?.evalue ?? "",
      /^The client of this notebook cannot ask for input; write the answer into a variable/,
    );
  });

  test("refuses process.exit, and keeps its variables", async () => {
    assert.match((await session.run("process.exit(3)")).error?.evalue ?? "", /^process\.exit\(3\) would end/);
    assert.equal((await session.run("first")).result, "20");
  });

  test("reports what cells left running throw, and lives", async () => {
    const { stderr } = await session.run(
      'setTimeout(() => { throw new Error("later") }, 10);\nvoid Promise.reject(new Error("unheard"));\nawait new Promise(resolve => setTimeout(resolve, 200));',
    );
    assert.match(stderr, /^Unhandled rejection: Error: unheard\n {4}at Cell \[\d+\]:2:21/m);
    assert.match(stderr, /^Uncaught: Error: later\n {4}at .*Cell \[\d+\]:1:26/m);
  });

  test("keeps TensorFlow's log out of cells, and shows what other native code and child processes write", async () => {
    const { stdout, stderr } = await session.run(`
      const { execSync } = require("node:child_process");
      const log = "2026-11-21 07:00:00.000001: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow binary";
      execSync(\`echo from a child; echo "\${log}" >&2; echo "I0000 00:00:1763.4 123 cuda.cc:1] XLA" >&2; echo other >&2\`, { stdio: "inherit" });
      await new Promise(resolve => setTimeout(resolve, 300));`);
    assert.deepEqual([stdout, stderr], ["from a child\n", "other\n"]);
    assert.match(session.client.log, /cpu_feature_guard/);
  });

  test("ends a loop over an async iterable, though it is the cell's only await", async () => {
    assert.equal(
      (await session.run("for await (const x of [1, Promise.resolve(2)]) console.log(x);")).stdout,
      "1\n2\n",
    );
  });
});
