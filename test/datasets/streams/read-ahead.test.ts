import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { readAhead } from "../../../src/datasets/streams/read-ahead";
import type { Part } from "../../../src/datasets";

/** Parts that count how many of them are alive. */
function source(parts: number, fails = Infinity) {
  const counts = { alive: 0, most: 0, made: 0, closed: 0 };
  const next = async (): Promise<Part | null> => {
    await setImmediate();
    if (counts.made === fails) throw new Error("no more");
    if (counts.made === parts) return null;
    counts.made++;
    counts.most = Math.max(counts.most, ++counts.alive);
    const columns = () => assert.fail("nobody looks at these");
    return {
      size: counts.made,
      isLast: false,
      plan: new Int32Array(0),
      tensors: [],
      columns,
      dispose: () => counts.alive--,
    };
  };
  return { counts, reader: { next, close: () => void counts.closed++ } };
}

test("parts come in their order, and no more than three are there at a time", async () => {
  const { counts, reader } = source(10);
  const ahead = readAhead(reader);
  const seen: number[] = [];
  for (let part = await ahead.next(); part; part = await ahead.next()) {
    // Who uses a part takes its time, in which others would pile up.
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    seen.push(part.size);
    part.dispose();
  }
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(counts.most, 3);
  assert.equal(counts.alive, 0);
  assert.equal(await ahead.next(), null);
});

test("what fails is told to who asks for that part, not before", async () => {
  const ahead = readAhead(source(10, 2).reader);
  assert.equal((await ahead.next())?.size, 1);
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  assert.equal((await ahead.next())?.size, 2);
  await assert.rejects(ahead.next(), /no more/);
});

test("closing frees what was read ahead, and what is still being read", async () => {
  const { counts, reader } = source(10);
  const ahead = readAhead(reader);
  (await ahead.next())!.dispose();
  ahead.close();
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  assert.deepEqual([counts.alive, counts.closed], [0, 1]);
});
