/** Layers of parallel branches feed each other in no figure: lines have a gap between branches. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as ga from "../../src/index";
import * as figures from "../../src/figures";
import { emptyDashboard } from "../../src/live/dashboard-state";
import { foldEvent } from "../../src/live/fold-event";
import { flowPanel } from "../../src/live/panels/flow-panel";
import { type SymbolicTensor, tf } from "../../src/tensorflow";

const { layers } = tf;

/** Two branches of two dense layers each, joined. */
function branching() {
  const input = tf.input({ shape: [4] });
  const dense = (name: string, x: SymbolicTensor) => layers.dense({ units: 4, name }).apply(x) as SymbolicTensor;
  const left = dense("left_2", dense("left_1", input));
  const right = dense("right_2", dense("right_1", input));
  const joined = layers.add({ name: "joined" } as never).apply([left, right]) as SymbolicTensor;
  return tf.model({ inputs: input, outputs: layers.dense({ units: 3, name: "head" }).apply(joined) as SymbolicTensor });
}

/** The pieces of a line between its gaps. */
const pieces = (x: readonly unknown[]): unknown[][] =>
  x.reduce<unknown[][]>((all, each) => (each === null ? [...all, []] : [...all.slice(0, -1), [...all.at(-1)!, each]]), [[]]); // prettier-ignore

test("outputs and gradient flow of two branches are drawn as two lines, also live and from a kept run", async () => {
  const data = await ga.dataset({ train: { inputs: tf.randomNormal([8, 4], 0, 1, "float32", 1), targets: [0, 1, 2, 0, 1, 2, 0, 1] } }); // prettier-ignore
  const folder = mkdtempSync(join(tmpdir(), "branches-"));
  const measure = { statistics: ["gradientFlow", "outputs"] } as const;
  const run = await ga.train(branching(), data, { epochs: 1, measure, save: { folder }, progress: false });
  const kept = ga.readRun(folder);
  for (const each of [run, kept]) {
    const { data: traces } = figures.activations(each);
    const mean = traces.find(({ name }) => name === "mean") as { x: readonly unknown[]; y: readonly unknown[] };
    const found = pieces(mean.x);
    assert.equal(found.length, 2);
    assert.ok(found[0]!.includes("left_2") && found[0]!.includes("head") && !found[0]!.includes("right_1"));
    assert.ok(found[1]!.includes("right_1") && found[1]!.includes("right_2"));
    assert.equal(mean.y.length, mean.x.length);
    // A band for each.
    assert.equal(traces.filter((trace) => (trace as { fill?: string }).fill === "tonexty").length, 2);
    const flow = figures.gradientFlow(each).data[0] as { x: readonly unknown[] };
    assert.equal(pieces(flow.x).length, 2);
  }
  const facts = {} as Parameters<typeof emptyDashboard>[0];
  const [row] = run.epochs;
  const state = foldEvent(emptyDashboard(facts), { kind: "epoch", row: row!, gradients: run.gradients } as never);
  const line = flowPanel(state)!.data[0] as { x: readonly unknown[] };
  assert.equal(pieces(line.x).length, 2);
  rmSync(folder, { recursive: true });
  data.dispose();
});

test("outputs in a row are one line, residual connections included", () => {
  const rows = ["a", "b", "c"].map((layer) => ({ layer, mean: 0, deviation: 1, zeroShare: 0 }));
  const mean = figures.activations(rows).data.find(({ name }) => name === "mean") as { x: readonly unknown[] };
  assert.deepEqual(mean.x, ["a", "b", "c"]);
});
