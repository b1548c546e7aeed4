import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Interrupted, Interrupts } from "../../../src/kernel/cells/interrupts";
import { makeSharedState, sharedState } from "../../../src/kernel/cells/shared-state";

describe("Interrupts", () => {
  const made = () => {
    const shared = makeSharedState();
    const interrupts = new Interrupts(shared);
    interrupts.begin();
    return { shared, interrupts };
  };

  test("pass on what is awaited, and reject it at an interrupt, naming the place", async () => {
    const { interrupts } = made();
    assert.equal(interrupts.wait(3, "here"), 3);
    assert.equal(await interrupts.wait(Promise.resolve(4), "here"), 4);
    await assert.rejects(
      interrupts.wait(Promise.reject(new Error("no")), "Cell [1]:2:3") as Promise<never>,
      (error: Error) => {
        assert.match(error.stack ?? "", /\n {4}at async Cell \[1\]:2:3$/);
        return true;
      },
    );
    const waiting = interrupts.wait(new Promise(() => undefined), "here") as Promise<unknown>;
    interrupts.hear(1);
    await assert.rejects(waiting, Interrupted);
    assert.throws(() => interrupts.pause(), Interrupted);
  });

  test("reach a loop through shared memory, once", () => {
    const { shared, interrupts } = made();
    interrupts.check();
    Atomics.add(shared, sharedState.requests, 1);
    assert.throws(() => interrupts.check(), Interrupted);
    interrupts.end();
    interrupts.begin();
    interrupts.check();
    // The message of the same interrupt comes later than its bell.
    interrupts.hear(1);
    interrupts.check();
  });

  test("wait for those who listen, however many, and for nobody the second time", async () => {
    for (const second of [false, true]) {
      const { interrupts } = made();
      const heed = () => undefined;
      interrupts.on("interrupt", heed);
      let rejected = false;
      (interrupts.wait(new Promise(() => undefined), "here") as Promise<unknown>).catch(() => (rejected = true));
      interrupts.hear(1);
      interrupts.check(); // loops of callbacks go on
      assert.throws(() => interrupts.pause(), Interrupted, "no new work begins");
      await nextTurn();
      assert.equal(rejected, false);
      if (second) interrupts.hear(2);
      else interrupts.off("interrupt", heed);
      await nextTurn();
      await nextTurn();
      assert.equal(rejected, true);
    }
  });

  test("run over iterables of both kinds, and end them early", async () => {
    const { interrupts } = made();
    let ended = false;
    async function* numbers() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    }
    const seen: unknown[] = [];
    for await (const value of interrupts.each(["a", Promise.resolve("b")], "here")) seen.push(value);
    for await (const value of interrupts.each(numbers(), "here")) {
      seen.push(value);
      if (value === 1) break;
    }
    assert.deepEqual([seen, ended], [["a", "b", 0, 1], true]);
  });
});
