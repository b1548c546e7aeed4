import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Session } from "./session";

/** Cells that print once they run, and would never end. */
const ENDLESS: [what: string, code: string, prints: RegExp][] = [
  ["awaits for ever", "console.log('on'); await new Promise(() => {});", /^on\n$/],
  ["loops without a pause", "console.log('on'); while (true) {}", /^on\n$/],
  ["loops without a pause after an await", "await null; console.log('on'); for (;;);", /^on\n$/],
  [
    "computes without a loop of its own",
    "const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));\nconsole.log('on'); fib(80);",
    /^on\n$/,
  ],
  ["waits for a child process", "console.log('on'); require('node:child_process').execSync('sleep 600');", /^on\n$/],
  [
    "goes on whatever is thrown",
    "for (;;) try { console.log('on'); await new Promise(resolve => setTimeout(resolve, 20)); } catch {}",
    /^(on\n)+$/,
  ],
  [
    "reads from an endless generator",
    "async function* count() { for (let i = 0; ; i++) { await new Promise(resolve => setTimeout(resolve, 20)); yield i; } }\nfor await (const i of count()) console.log('on');",
    /^(on\n)+$/,
  ],
  [
    "tidies up in finally, which may await",
    "try { console.log('on'); await new Promise(() => {}); } finally { await new Promise(resolve => setTimeout(resolve, 50)); console.log('tidy'); }",
    /^on\ntidy\n$/,
  ],
];

describe("an interrupt", () => {
  let session: Session;
  before(async () => {
    session = await Session.start();
    await session.run("0");
  });
  after(() => session.close());

  for (const [how, interrupt] of [
    ["by message", () => session.client.interrupt()],
    ["by signal", () => session.client.signal("SIGINT")],
  ] as const)
    for (const [what, code, prints] of ENDLESS)
      test(`${how} ends a cell that ${what}`, async () => {
        const { status, error, stdout } = await session.interrupted(code, interrupt);
        assert.deepEqual([status, error?.ename], ["error", "Interrupted"]);
        assert.match(stdout, prints);
        assert.equal((await session.run("'alive'")).result, "alive");
      });

  test("names the place at which the cell was", async () => {
    // It prints once it waits: an interrupt that came before would find it at the statement's beginning.
    const { error } = await session.interrupted("setTimeout(() => console.log('on'));\n\nawait new Promise(() => {});");
    assert.match(error?.traceback ?? "", /at async Cell \[\d+\]:3:7/);
  });

  test("ends what a cell does: nothing goes on behind the notebook's back", async () => {
    await session.interrupted(
      "async function tick() { for (;;) { console.log('tick'); await new Promise(resolve => setTimeout(resolve, 20)); } }\nawait tick();",
    );
    const { stdout } = await session.run("await new Promise(resolve => setTimeout(resolve, 300));");
    assert.equal(stdout, "");
  });

  test("twice in a row leaves the kernel alive, with a listener to SIGINT added by a cell too", async () => {
    await session.run("process.on('SIGINT', () => console.log('heard')); 0");
    for (let round = 0; round < 2; round++) {
      const { error, stdout } = await session.interrupted("console.log('on'); await new Promise(() => {});", () => {
        session.client.signal("SIGINT");
        session.client.signal("SIGINT");
      });
      assert.equal(error?.ename, "Interrupted");
      assert.match(stdout, /^on\n(heard\n)?/);
    }
    assert.equal((await session.run("'alive'")).result, "alive");
  });

  test("before a cell has begun keeps it from running, and aborts those behind it", async () => {
    const both = Promise.all([session.run("console.log('ran'); 1"), session.run("2")]);
    await session.client.interrupt();
    const [first, second] = await both;
    // The cell may have been quicker.
    if (first.status === "error") {
      assert.deepEqual([first.error?.ename, second.status], ["Interrupted", "aborted"]);
    } else assert.equal(first.result, "1");
  });

  test("waits for work that ends by itself, gives the cell its result, and stops it at its next await", async () => {
    const { error, stdout } = await session.interrupted(`
      const interrupts = (globalThis as any)[Symbol.for("gradamp.interrupts")];
      async function work(name: string) {
        let stop = false;
        const heed = () => (stop = true);
        interrupts.on("interrupt", heed);
        setTimeout(() => console.log(name), 50);
        while (!stop) await new Promise(resolve => setTimeout(resolve, 20));
        interrupts.off("interrupt", heed);
        return name + " ended";
      }
      const results: string[] = [];
      for (const name of ["a", "b"]) results.push(await work(name));`);
    assert.equal(error?.ename, "Interrupted");
    assert.equal(stdout, "a\n", "the second has not begun");
    assert.equal((await session.run("results")).result, "[ 'a ended' ]");
  });

  test("of nothing is answered and forgotten", async () => {
    await session.client.interrupt();
    assert.equal((await session.run("await null; 5")).result, "5");
  });
});

describe("an interrupt of code that is deaf to it", () => {
  test("says so, and the next one ends its process, which the kernel outlives", async () => {
    const session = await Session.start();
    try {
      await session.run("const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));");
      let interrupts = 0;
      const { error, stderr } = await session.run("await null; console.log('on'); fib(80);", {
        onText: () => {
          if (interrupts++ < 2) void session.client.interrupt();
        },
      });
      assert.match(stderr, /^The running code has not heeded the interrupt for 2 seconds\. Interrupt again/);
      assert.equal(error?.ename, "ProcessEnded");
      assert.match(error?.evalue ?? "", /did not heed interrupts\. Its variables are gone/);
      assert.match((await session.run("fib")).error?.evalue ?? "", /Cannot find name 'fib'/);
      assert.equal((await session.run("6")).result, "6");
    } finally {
      await session.close();
    }
  });
});
