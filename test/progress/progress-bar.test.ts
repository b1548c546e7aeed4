import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatSeconds } from "../../src/progress/format-amounts";
import { ProgressBar } from "../../src/progress/progress-bar";

/** A bar on an output that remembers, with a clock that the test turns. */
function makeBar(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const output = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  const bar = new ProgressBar("Downloading", { output, format: formatBytes, now: () => time });
  return { bar, written, wait: (seconds: number) => (time += seconds * 1000) };
}

test("without a terminal a progress bar writes plain lines every five seconds, with speed and time left", () => {
  const { bar, written, wait } = makeBar(false);
  for (let second = 0; second <= 10; second++) {
    bar.update(second * 10e6, 200e6);
    wait(1);
  }
  bar.end();
  assert.deepEqual(written, [
    "Downloading 0 %, 0 B of 200.0 MB\n",
    "Downloading 25 %, 50.0 MB of 200.0 MB, 10.0 MB/s, 15 s left\n",
    "Downloading 50 %, 100.0 MB of 200.0 MB, 10.0 MB/s, 10 s left\n",
    "Downloading 200.0 MB in 11 s\n",
  ]);
});

test("on a terminal it is redrawn in place, within the width, and ended by one line", () => {
  const { bar, written, wait } = makeBar(true);
  bar.update(0, 100);
  wait(0.01);
  bar.update(1, 100);
  wait(2);
  bar.update(50, 100, "a note that is far too long for what is left of a line of eighty characters");
  bar.end("Done");
  assert.equal(written.length, 3, "the second update came too soon");
  for (const text of written.slice(0, 2)) {
    assert.ok(text.startsWith("\r\x1b[2K"));
    assert.ok(text.length - "\r\x1b[2K".length < 80);
  }
  assert.match(String(written[0]), /░{10}/);
  assert.equal(written[2], "\r\x1b[2KDone\n");
});

test("what was there before the first update is no speed of this run", () => {
  const { bar, written, wait } = makeBar(false);
  bar.update(100e6, 200e6);
  wait(10);
  bar.update(110e6, 200e6);
  assert.match(String(written[1]), /55 %.*1\.0 MB\/s, 1 min 30 s left/);
});

test("an unknown total shows neither percent nor time left", () => {
  const { bar, written, wait } = makeBar(false);
  bar.update(0, null);
  wait(6);
  bar.update(6e6, null, "of a stream");
  assert.deepEqual(written, ["Downloading 0 B\n", "Downloading 6.0 MB, 1.0 MB/s, of a stream\n"]);
});

test("amounts are said as people do", () => {
  assert.deepEqual([0, 999, 1000, 273_829_956, 2.949e9].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "273.8 MB",
    "2.9 GB",
  ]);
  assert.deepEqual([0.42, 9.4, 59.4, 62, 3725].map(formatSeconds), [
    "0.4 s",
    "9.4 s",
    "59 s",
    "1 min 02 s",
    "1 h 02 min",
  ]);
});
