import assert from "node:assert/strict";
import { test } from "node:test";
import { progressBar } from "../../src/cli/progress-bar";

function draw(isTTY: boolean, updates: readonly (readonly [number, number | null])[]): string {
  let text = "";
  const stream = { isTTY, write: (part: string) => ((text += part), true) } as unknown as NodeJS.WriteStream;
  const bar = progressBar("cifar-100", (bytes) => `${bytes} B`, stream);
  for (const [done, total] of updates) bar.update(done, total);
  bar.end();
  return text;
}

test("on a terminal one line is redrawn, and ended", () => {
  const text = draw(true, [
    [0, 100],
    [50, 100],
    [100, 100],
  ]);
  assert.match(text, /^\r\u001b\[Kcifar-100 \[ {24}\] 0 B of 100 B/);
  assert.match(text, /\[={24}\] 100 B of 100 B, [\d.e+]+ B\/s, 0 s left\n$/);
});

test("elsewhere there is a plain line at every tenth", () => {
  const updates = Array.from({ length: 101 }, (_, i) => [i, 100] as const);
  const lines = draw(false, updates).trimEnd().split("\n");
  assert.equal(lines.length, 11);
  assert.match(lines[3]!, /^cifar-100 30 % 30 B of 100 B, /);
});

test("without a total there is what has arrived and no bar", () => {
  assert.match(draw(true, [[7, null]]), /cifar-100 7 B, [\d.e+]+ B\/s\n$/);
});
