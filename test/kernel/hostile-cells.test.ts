import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { isFromCells } from "../../src/kernel/cells/is-from-cells";
import { Session } from "./session";

/** What a cell does, and the error that its user is shown; null where there is none. */
const CELLS: [string, string, [string, RegExp] | null][] = [
  ["throws null", "throw null", ["Thrown", /^null$/]],
  ["throws undefined", "throw undefined", ["Thrown", /^undefined$/]],
  ["throws null after a while", "await 1; throw null", ["Thrown", /^null$/]],
  ["throws a number", "throw 7", ["Thrown", /^7$/]],
  ["throws a symbol", "throw Symbol('s')", ["Thrown", /^Symbol\(s\)$/]],
  [
    "throws an error whose message throws",
    "const a = new Error('x'); Object.defineProperty(a, 'message', { get() { throw new Error('no'); } }); throw a",
    ["Error", /its message cannot be read/],
  ],
  [
    "throws an error whose stack and name throw",
    "const b: any = new Error('x'); for (const name of ['stack', 'name', 'cause']) Object.defineProperty(b, name, { get() { throw null; } }); throw b",
    ["Error", /^x$/],
  ],
  [
    "throws an error named by a symbol",
    "throw Object.assign(new Error('x'), { name: Symbol('n') as any })",
    ["Symbol(n)", /^x$/],
  ],
  [
    "throws a revoked proxy",
    "const p = Proxy.revocable({}, {}); p.revoke(); throw p.proxy",
    ["Thrown", /cannot be shown/],
  ],
  [
    "throws what forbids to be looked at",
    "throw new Proxy({}, { get() { throw new Error('hands off'); }, getPrototypeOf() { throw new Error('hands off'); } })",
    ["Thrown", /cannot be shown: hands off/],
  ],
  [
    "ends in what forbids to be looked at",
    "new Proxy({}, { get() { throw new Error('hands off'); } })",
    ["Error", /hands off/],
  ],
  ["rejects with null", "await Promise.reject(null)", ["Thrown", /^null$/]],
  ["speaks to the kernel", "process.send?.(null as any); process.disconnect?.(); 5", null],
  ["leaves a rejection behind", "void Promise.reject(null); 6", null],
];

describe("whatever a cell throws or shows, it ends, and the next one computes", () => {
  let session: Session;
  before(async () => (session = await Session.start()));
  after(() => session.close());

  for (const [what, code, expected] of CELLS)
    test(`a cell that ${what}`, async () => {
      const { status, error } = await session.run(code);
      assert.equal(status, expected === null ? "ok" : "error");
      if (expected) {
        assert.equal(error?.ename, expected[0]);
        assert.match(error.evalue, expected[1]);
        assert.doesNotMatch(error.evalue, /Cannot read properties/);
      }
      assert.equal((await session.run("1 + 1")).result, "2");
    });
});

test("only messages of gradamp's own come through from the process for cells", () => {
  const real = [
    { kind: "ready" },
    { kind: "stream", id: 1, name: "stdout", text: "a" },
    { kind: "done", id: 1, error: null, missing: ["a"] },
    { kind: "done", id: 1, error: { name: "a", message: "b", stack: [], position: null }, missing: null },
    { kind: "result", id: 1, data: {} },
  ];
  const others = [null, undefined, 1, "x", [], {}, { kind: "gone" }, { kind: "toString" }, { kind: "stream" }, { kind: "stream", id: 1, name: "stdout", text: null }, { kind: "done", id: 1, error: {} }, { kind: "done", id: 1, missing: 4 }, { kind: "display", id: 1, data: null }]; // prettier-ignore
  assert.deepEqual([real.map(isFromCells), others.map(isFromCells)], [real.map(() => true), others.map(() => false)]);
});
