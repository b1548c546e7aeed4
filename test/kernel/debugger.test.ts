import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KernelMessage } from "../../src/execute/kernel-client";
import { murmur2 } from "../../src/kernel/debugger/murmur2";
import { Session } from "./session";

test("the text of a cell has the hash that JupyterLab computes", () => {
  // As ipykernel computes it, which JupyterLab is made for.
  const expected = { "": 3992870498, a: 3853277342, ab: 3956023406, abc: 1702006544, abcd: 266620131, "hello, wörld": 2965408909 }; // prettier-ignore
  for (const [text, hash] of Object.entries(expected)) assert.equal(murmur2(text, 0xc0ffee), hash, text);
});

describe("a debugger", () => {
  let session: Session;
  const events: Record<string, unknown>[] = [];
  let listener: (message: KernelMessage) => void;
  before(async () => {
    session = await Session.start();
    listener = ({ type, content }) => void (type === "debug_event" && events.push(content));
    session.client.onPublished(listener);
  });
  after(() => session.close());

  let seq = 0;
  async function ask(command: string, given: object = {}): Promise<Record<string, unknown>> {
    const content = { seq: ++seq, type: "request", command, arguments: given };
    const reply = await session.client.request("debug_request", content, { channel: "control", timeout: 30_000 });
    assert.equal(reply?.success, true, `${command}: ${String(reply?.message)}`);
    return reply!.body as Record<string, unknown>;
  }
  async function event(name: string): Promise<Record<string, unknown>> {
    for (let tries = 0; tries < 500; tries++) {
      const at = events.findIndex((each) => each["event"] === name);
      if (at >= 0) return events.splice(0, at + 1).at(-1)!["body"] as Record<string, unknown>;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`No event ${name} came`);
  }

  const code = [
    "interface Point { x: number }",
    "function double(point: Point): number {",
    "  const inner = point.x * 2;",
    "  return inner;",
    "}",
    "let total = 0;",
    "for (const x of [1, 2]) {",
    "  total += double({ x }) + base;",
    "}",
    "total",
  ].join("\n");

  test("stops at breakpoints of a cell, shows where and what, steps, and goes on", async () => {
    await session.run("const base = 10;");
    assert.equal((await ask("debugInfo")).isStarted, false);
    await ask("initialize", { clientID: "test", adapterID: "" });
    await ask("attach");
    await event("initialized");
    const { hashSeed, tmpFilePrefix, tmpFileSuffix } = await ask("debugInfo");
    const { sourcePath } = await ask("dumpCell", { code });
    assert.equal(sourcePath, `${tmpFilePrefix as string}${murmur2(code, Number(hashSeed))}${tmpFileSuffix as string}`);
    assert.equal((await ask("source", { source: { path: sourcePath } })).content, code);
    const { breakpoints } = await ask("setBreakpoints", { source: { path: sourcePath }, breakpoints: [{ line: 4 }] });
    assert.deepEqual(breakpoints, [{ verified: true, line: 4, source: { path: sourcePath } }]);
    await ask("configurationDone");

    const running = session.run(code);
    assert.equal((await event("stopped")).reason, "breakpoint");
    const { stackFrames } = (await ask("stackTrace", { threadId: 1 })) as { stackFrames: { id: number; name: string; line: number; source: { path: string } }[] }; // prettier-ignore
    assert.deepEqual(stackFrames.map(({ line, source }) => [line, source.path]).slice(0, 2), [[4, sourcePath], [8, sourcePath]]); // prettier-ignore
    assert.equal(stackFrames[0]?.name, "double");
    const { scopes } = (await ask("scopes", { frameId: 1 })) as {
      scopes: { name: string; variablesReference: number }[];
    };
    const variables = async (name: string) => {
      const reference = scopes.find((scope) => scope.name === name)!.variablesReference;
      const found = (await ask("variables", { variablesReference: reference })).variables as {
        name: string;
        value: string;
      }[];
      return Object.fromEntries(found.map((each) => [each.name, each.value]));
    };
    assert.equal((await variables("Locals"))["inner"], "2");
    assert.equal((await variables("Variables of cells"))["base"], "10");
    assert.equal((await ask("evaluate", { expression: "inner + point.x", frameId: 1 })).result, "3");
    assert.equal((await ask("evaluate", { expression: "base", frameId: 1 })).result, "10");
    assert.deepEqual((await ask("debugInfo")).stoppedThreads, [1]);
    await ask("next");
    assert.equal((await event("stopped")).reason, "step");
    await ask("continue");
    await event("stopped");
    await ask("setBreakpoints", { source: { path: sourcePath }, breakpoints: [] });
    await ask("continue");
    assert.equal((await running).result, "26");
    const { variables: all } = (await ask("inspectVariables")) as { variables: { name: string; value: string }[] };
    assert.equal(all.find(({ name }) => name === "total")?.value, "26");
  });

  test("lets an interrupt end a cell that stands still, and goes when it is told to", async () => {
    const endless = "while (true) {\n  const here = 1;\n}";
    const { sourcePath } = await ask("dumpCell", { code: endless });
    await ask("setBreakpoints", { source: { path: sourcePath }, breakpoints: [{ line: 2 }] });
    const running = session.run(endless);
    await event("stopped");
    await ask("setBreakpoints", { source: { path: sourcePath }, breakpoints: [] });
    await session.client.interrupt();
    assert.equal((await running).error?.ename, "Interrupted");
    await ask("disconnect");
    assert.equal((await session.run(code)).result, "26");
    const wrong = { seq: 99, type: "request", command: "nothing", arguments: {} };
    const reply = await session.client.request("debug_request", wrong, { channel: "control" });
    assert.deepEqual([reply?.success, reply?.message], [false, "nothing is not supported"]);
  });
});
