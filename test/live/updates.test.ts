import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyDashboard } from "../../src/live/dashboard-state";
import { dashboardText } from "../../src/live/dashboard-text";
import { type DashboardView, dashboardView, viewer } from "../../src/live/dashboard-view";
import { difference } from "../../src/live/difference";
import { foldEvent } from "../../src/live/fold-event";
import { completeHtml, deltaHtml } from "../../src/live/live-html";
import { patch } from "../../src/live/page/patch";
import { addDownsampled, downsampled } from "../../src/live/downsampled";
import { COMPLETE_EVERY, UpdatePlan } from "../../src/live/update-plan";
import { darkColours } from "../../src/figures/frame/dark-colours";
import { facts, longRun } from "./long-run";

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describe("difference and patch", () => {
  const pairs: [unknown, unknown, string?][] = [
    [1, 2],
    [{ a: 1, b: 2 }, { a: 1, c: 3 }],
    [[1, 2, 3], [1, 5]],
    [[], [1]],
    [{ a: [1, { b: null }] }, { a: [1, { b: [] }, "c"] }],
    [null, { a: 1 }],
    [[[1, 2], [3, 4]], [[1, 2, 9], [3, 4, null]], '[3,2,[9,null]]'],
    [[[1, 2], [3, 4]], [[1, 7], [3, 8]], '[3,1,[7,8]]'],
    [[[1, 2], [3, 4]], [[1, 2], [3, 4]], "null"],
    [[[1, 2], [3]], [[1, 2], [4, 5]]],
    [[[1, { a: 1 }], [2, { a: 1 }]], [[1, { a: 1 }], [2, { a: 2 }]]],
  ]; // prettier-ignore
  for (const [before, after, written] of pairs)
    test(`${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      const change = copy(difference(before, after));
      const kept = copy(before);
      assert.deepEqual(patch(before, change), after);
      assert.deepEqual(before, kept, "what was before stays as it was");
      if (written) assert.equal(JSON.stringify(change), written);
    });
});

test("thinning keeps the first and the last and an even distance, and never more than asked for", () => {
  let kept = downsampled<{ epoch: number }>();
  for (let epoch = 1; epoch <= 1000; epoch++) {
    kept = addDownsampled(kept, { epoch }, (entry) => entry.epoch, 50);
    assert.ok(kept.entries.length <= 50);
    assert.deepEqual([kept.entries[0]?.epoch, kept.entries.at(-1)?.epoch], [1, epoch]);
  }
  assert.deepEqual(
    kept.entries.slice(0, 3).map(({ epoch }) => epoch),
    [1, 33, 65],
  );
});

test("a run of 150 epochs and 209 layers: deltas of a few kB that add up to the complete view, a notebook below 5 MB", () => {
  let state = emptyDashboard(facts);
  const view = viewer();
  const plan = new UpdatePlan();
  let page: DashboardView | null = null;
  const deltas: number[] = [];
  let largest = 0;
  let sinceComplete = 0;
  for (const event of longRun()) {
    state = foldEvent(state, event);
    const now = view(state);
    const planned = copy(plan.next(now, event.kind === "end"));
    if (planned.kind === "delta") {
      page = patch(page, planned.change) as DashboardView;
      deltas.push(deltaHtml({ id: "x", update: planned.update, change: planned.change }).length);
      assert.ok(++sinceComplete < COMPLETE_EVERY);
    } else {
      page = planned.view;
      sinceComplete = 0;
      const update = { id: "x", update: planned.update, view: now, goesOn: true, kernel: null, sent: Date.now() };
      largest = Math.max(largest, completeHtml({ ...update, theme: "auto", dark: darkColours() }, { text: "" }).length);
    }
    assert.deepEqual(page, copy(now));
  }
  deltas.sort((a, b) => a - b);
  assert.ok(deltas[Math.floor(deltas.length / 2)]! < 4_000, `${deltas[Math.floor(deltas.length / 2)]} characters`);
  assert.ok(deltas.at(-1)! < 24_200, `${deltas.at(-1)} characters`);
  assert.ok(deltas[Math.floor(0.9 * deltas.length)]! < 9_000, `${deltas[Math.floor(0.9 * deltas.length)]} characters`);
  // Plotly, once, is 2 MB; a notebook holds one complete update and one delta of a dashboard.
  assert.ok(largest < 500_000, `${largest} characters`);
  assert.deepEqual(copy(page), copy(dashboardView(state)));
});

test("ten times as many epochs are no larger a dashboard", () => {
  const sizeAfter = (epochs: number) => {
    let state = emptyDashboard(facts);
    for (const event of longRun({ epochs, layers: 60, steps: 1 })) state = foldEvent(state, event);
    return JSON.stringify(dashboardView(state)).length;
  };
  assert.ok(sizeAfter(3000) < 1.5 * sizeAfter(300));
});

test("the text tells epoch, scores, speed and what is amplified and why", () => {
  let state = emptyDashboard(facts);
  for (const event of longRun({ epochs: 60, layers: 20 })) {
    if (event.kind === "end") break;
    state = foldEvent(state, event);
  }
  const text = dashboardText(state);
  assert.match(
    text,
    /^long: epoch 60\/150 · loss 0.05000 \(validation 0.05333\) · accuracy 30.0 % .* images\/s .* left · 24 layers amplified/,
  );
  assert.match(text, /stage 2 of 2: epochs 51 to 150/);
  assert.match(text, /3 of 20 layers: gradients × Γ = 2 since epoch 51/);
  assert.match(text, /By the gradients of epoch 51: normalised G above 1.5/);
});
