import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { withLock } from "../../src/files/with-lock";

const base = mkdtempSync(join(tmpdir(), "gradamp-lock-"));
after(() => rmSync(base, { recursive: true, force: true }));

/** A promise and what fulfils it. */
function defer(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

test("one process at a time works in a folder; the other waits, or says that there is one", async () => {
  const order: string[] = [];
  const { promise: held, resolve: holds } = defer();
  const { promise: enough, resolve: release } = defer();
  const hold = withLock(base, { name: "a.lock", patience: 0 }, async () => {
    holds();
    await enough;
    order.push("first");
  });
  await held;
  await assert.rejects(
    withLock(base, { name: "a.lock", patience: 0, stale: 2000 }, () => Promise.resolve()),
    /Expected nobody else to work in .* but found another process at it/,
  );
  const onWait = () => {
    order.push("waits");
    release();
  };
  await withLock(base, { name: "a.lock", stale: 2000, onWait }, () => Promise.resolve(order.push("second")));
  await hold;
  assert.deepEqual(order, ["waits", "first", "second"]);
});

test("a killed process's lock lapses", async () => {
  const lock = join(base, "a.lock");
  mkdirSync(lock);
  const long = new Date(Date.now() - 60_000);
  utimesSync(lock, long, long);
  let told = 0;
  const options = { name: "a.lock", patience: 0, onTakeover: () => told++ };
  assert.equal(await withLock(base, options, () => Promise.resolve(7)), 7);
  assert.equal(await withLock(base, options, () => Promise.resolve(7)), 7);
  assert.equal(told, 1, "the takeover is told, and nothing else");
});

test("the lock is given back where the work fails", async () => {
  await assert.rejects(
    withLock(base, { name: "a.lock", patience: 0 }, () => Promise.reject(new Error("it failed"))),
    /it failed/,
  );
  assert.equal(await withLock(base, { name: "a.lock", patience: 0 }, () => Promise.resolve(8)), 8);
});
