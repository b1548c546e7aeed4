import assert from "node:assert/strict";
import { test } from "node:test";
import { othersShare, parseProcessorUse, processorUse } from "../../bench/measure/processor-use";

const system = "cpu  100 10 40 500 20 3 2 5 0 0\ncpu0 50 5 20 250 10 1 1 2 0 0\n";
// pid (comm) state ppid … ; utime, stime, cutime, cstime are fields 14 to 17.
const self = "7 (a ) b) S 1 1 1 0 -1 0 0 0 0 0 11 12 13 14 20 0 1 0";

test("processor time is read from the kernel's own tables", () => {
  assert.deepEqual(parseProcessorUse(system, self), { busy: 160, idle: 520, own: 50 });
  assert.equal(parseProcessorUse("", self), null);
});

test("what others took is what was busy and not one's own", () => {
  const before = { busy: 100, idle: 900, own: 10 };
  assert.equal(othersShare(before, { busy: 180, idle: 920, own: 70 }), 0.2);
  assert.equal(othersShare(before, { busy: 180, idle: 920, own: 95 }), 0);
  assert.equal(othersShare(null, before), null);
});

test("time passes here too", { skip: processorUse() === null }, () => {
  const before = processorUse();
  const until = performance.now() + 100;
  while (performance.now() < until);
  const after = processorUse();
  assert.ok(after!.own > before!.own);
  const share = othersShare(before, after)!;
  assert.ok(share >= 0 && share <= 1, String(share));
});
