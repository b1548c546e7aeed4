import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { packageRoot } from "../../src/files/package-root";
import { KernelClient, type KernelMessage } from "../../src/execute/kernel-client";
import { Session } from "./session";

const library = JSON.stringify(join(packageRoot(), "dist", "src", "cell"));

describe("what a client asks a kernel beside running cells", () => {
  let session: Session;
  const cache = mkdtempSync(join(tmpdir(), "gradamp-history-"));
  before(async () => {
    process.env.GRADAMP_CACHE = cache;
    session = await Session.start();
    delete process.env.GRADAMP_CACHE;
  });
  after(async () => {
    await session.close();
    rmSync(cache, { recursive: true, force: true });
  });
  const ask = (type: string, content: Record<string, unknown>) => session.client.request(type, content);

  test("whether code is complete", async () => {
    assert.deepEqual(await ask("is_complete_request", { code: "1 + 1" }), { status: "complete" });
    assert.deepEqual(await ask("is_complete_request", { code: "f({" }), { status: "incomplete", indent: "    " });
    assert.deepEqual(await ask("is_complete_request", { code: "let = ;" }), { status: "invalid" });
  });

  test("the help of a name, as IPython shows it", async () => {
    for (const code of ["Math.sqrt?", "?Math.sqrt", " Math.sqrt ?? "]) {
      const { payload } = (await session.client.execute(code)) as { payload: { source: string; data: object }[] };
      assert.equal(payload[0]?.source, "page", code);
      assert.match(JSON.stringify(payload[0]?.data), /square root/, code);
    }
    assert.equal((await session.run("nothingOfTheKind?")).status, "error");
  });

  test("values of expressions once a cell has run, and what is wrong with them", async () => {
    await session.run("let asked = 20;");
    const reply = await session.client.execute("asked += 1;", {
      userExpressions: { value: "asked * 2", type: "nothing.there", thrown: "(() => { throw new Error('no'); })()" },
    });
    const { value, type, thrown } = reply.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(value, { status: "ok", data: { "text/plain": "42" }, metadata: {} });
    assert.deepEqual([type?.status, type?.ename], ["error", "TypeScriptError"]);
    assert.deepEqual([thrown?.ename, thrown?.evalue], ["Error", "no"]);
  });

  test("takes away what a cell has shown", async () => {
    const { messages } = await session.run(
      `console.log("gone"); require(${library} + "/clear-output").clearOutput({ wait: true }); console.log("stays");`,
    );
    assert.deepEqual(
      messages
        .filter(({ type }) => type === "stream" || type === "clear_output")
        .map(({ content }) => content.text ?? content.wait),
      ["gone\n", true, "stays\n"],
    );
  });

  test("a line of the user's, by input, readline and prompt; refused where the client cannot ask", async () => {
    const asked: string[] = [];
    const onInput = ({ prompt, password }: { prompt: string; password: boolean }) => {
      asked.push(`${prompt}${password ? " (hidden)" : ""}`);
      return `answer ${asked.length}`;
    };
    const input = `require(${library} + "/input").input`;
    assert.equal((await session.run(`await ${input}("name? ", { password: true })`, { onInput })).result, "answer 1");
    const { stdout, result } = await session.run(
      'const rl = require("node:readline/promises").createInterface({ input: process.stdin, output: process.stdout });\nconst line = await rl.question("what? "); rl.close(); line',
      { onInput },
    );
    assert.deepEqual([stdout.includes("what? "), result], [true, "answer 2"]);
    assert.equal(
      (await session.run('[prompt("both? "), prompt("é?")]', { onInput })).result,
      "[ 'answer 3', 'answer 4' ]",
    );
    assert.deepEqual(
      asked,
      ["name? (hidden)", "", "both? ", "é?"].map((each) => each.replace("? (", "?  (")),
    );
    for (const code of [`await ${input}("x")`, 'prompt("x")'])
      assert.equal((await session.run(code)).error?.ename, "InputRefused", code);
    assert.equal((await session.run("1 + 1")).result, "2");
  });

  test("a question is left by an interrupt", async () => {
    const onInput = () => {
      setTimeout(() => void session.client.interrupt(), 200);
      return null;
    };
    for (const code of ['prompt("x")', `await require(${library} + "/input").input("x")`])
      assert.equal((await session.run(code, { onInput })).error?.ename, "Interrupted", code);
    assert.equal((await session.run("2 + 2")).result, "4");
  });

  test("speaks over comms both ways, bytes too, and tells which are open", async () => {
    const published: KernelMessage[] = [];
    const stop = session.client.onPublished((message) => published.push(message));
    const told = async (type: string) => {
      for (let tries = 0; tries < 200; tries++) {
        const found = published.find((message) => message.type === type);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`No ${type} came`);
    };
    await session.run(`
      const host = require(${library} + "/kernel-cell").kernelHost();
      host.onComm("echo", (comm, opened) => {
        comm.send({ data: { opened: opened.data } });
        comm.onMessage(({ data, buffers }) => comm.send({ data: { again: data }, buffers }));
      });
      const own = host.openComm("view", "own-id", { data: { a: 1 }, buffers: [Uint8Array.of(1, 2, 255)] });
      own.onMessage(({ data }) => console.log("heard", data));`);
    const opened = await told("comm_open");
    assert.deepEqual(opened.content, { comm_id: "own-id", target_name: "view", data: { a: 1 } });
    assert.deepEqual([...opened.buffers[0]!], [1, 2, 255]);
    session.client.send("comm_open", { comm_id: "c1", target_name: "echo", data: { b: 2 } });
    assert.deepEqual((await told("comm_msg")).content, { comm_id: "c1", data: { opened: { b: 2 } } });
    assert.deepEqual((await ask("comm_info_request", {}))?.comms, {
      "own-id": { target_name: "view" },
      c1: { target_name: "echo" },
    });
    assert.deepEqual((await ask("comm_info_request", { target_name: "view" }))?.comms, {
      "own-id": { target_name: "view" },
    });
    published.length = 0;
    session.client.send("comm_msg", { comm_id: "c1", data: { c: 3 } }, [Buffer.from([7])]);
    const again = await told("comm_msg");
    assert.deepEqual([again.content.data, [...again.buffers[0]!]], [{ again: { c: 3 } }, [7]]);
    session.client.send("comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
    assert.equal((await told("comm_close")).content.comm_id, "c2");
    stop();
  });

  test("answers a wish for a subshell with no", async () => {
    const reply = await ask("create_subshell_request", {});
    assert.deepEqual([reply?.status, /Subshells are not supported/.test(String(reply?.evalue))], ["error", true]);
    assert.deepEqual((await ask("kernel_info_request", {}))?.supported_features, ["debugger"]);
  });

  test("what was run, in this session and those before", async () => {
    const client = await KernelClient.start({ folder: session.folder, environment: { GRADAMP_CACHE: cache } });
    try {
      for (const code of ["6 * 7", "let line = 'one\\ntwo';", "6 * 7"]) await client.execute(code);
      const history = async (content: object) =>
        (await client.request("history_request", { output: false, raw: true, ...content }))?.history as unknown[][];
      const tail = await history({ hist_access_type: "tail", n: 2 });
      assert.deepEqual(tail.map(([, line, input]) => [line, input]), [[2, "let line = 'one\\ntwo';"], [3, "6 * 7"]]); // prettier-ignore
      const [[own]] = tail as [[number]];
      assert.deepEqual(await history({ hist_access_type: "range", session: 0, start: 1, stop: 2 }), [
        [own, 1, "6 * 7"],
      ]);
      assert.deepEqual(await history({ hist_access_type: "range", session: own, start: 3, output: true }), [[own, 3, ["6 * 7", "42"]]]); // prettier-ignore
      assert.ok(
        (await history({ hist_access_type: "range", session: -1, start: 0 })).length > 3,
        "of the session before",
      );
      assert.deepEqual((await history({ hist_access_type: "search", pattern: "6 ? 7", n: 9 })).length, 2);
      assert.deepEqual((await history({ hist_access_type: "search", pattern: "6 \\* *" })).length, 0);
      assert.deepEqual(await history({ hist_access_type: "search", pattern: "6*", unique: true }), [[own, 3, "6 * 7"]]);
    } finally {
      await client.close();
    }
  });
});
