import assert from "node:assert/strict";
import { test } from "node:test";
import { type GradientRow, rollUp } from "../../src/rows";
import { type Tensor, tf } from "../../src/tensorflow";
import { symmetric } from "../support/deterministic";
import { COLUMNS as columns, observedColumns } from "../support/observed-columns";

const random = (key: string, size: number) => tf.tensor1d(symmetric(key, size, 1));

function rows(tensors: readonly { layer: string; g: Tensor; w: Tensor; u: Tensor }[]): GradientRow[] {
  return tensors.map(({ layer, g, w, u }, index) => {
    const [measured] = observedColumns({ raw: [g], clipped: [g], unamplified: [tf.mul(g, tf.abs(g))], weights: [w], updated: [u] }); // prettier-ignore
    return { ...(measured as { meanAbs: number }), epoch: 1, step: 7, index, layer, weight: "kernel", size: g.size };
  });
}

test("rolled up, every statistic is that of all numbers together", () => {
  tf.tidy(() => {
    const parts = [["a", 10], ["a", 3], ["b", 25]] as const; // prettier-ignore
    const tensors = parts.map(([layer, size], at) => ({
      layer,
      g: random(`g${at}`, size).relu(),
      w: random(`w${at}`, size),
      u: random(`u${at}`, size),
    }));
    const joined = (of: typeof tensors) =>
      rows([{ layer: "all", g: tf.concat(of.map(({ g }) => g)), w: tf.concat(of.map(({ w }) => w)), u: tf.concat(of.map(({ u }) => u)) }])[0]!; // prettier-ignore
    const check = (found: Record<string, unknown>, expected: GradientRow) => {
      // A rank of all numbers together there is not.
      for (const column of columns.filter((each) => each !== "effectiveRank")) {
        const [value, wanted] = [found[column] as number, expected[column] as number];
        assert.ok(Math.abs(value - wanted) <= 1e-5 * Math.abs(wanted), `${column}: ${value} against ${wanted}`);
      }
      assert.equal(found["size"], expected.size);
    };
    const all = rows(tensors);
    const [network, ...others] = rollUp(all);
    assert.equal(others.length, 0);
    assert.equal(network!.layer, null);
    check(network!, joined(tensors));
    const layers = rollUp(all, { by: "layer" });
    assert.deepEqual(layers.map(({ layer }) => layer), ["a", "b"]); // prettier-ignore
    check(layers[0]!, joined(tensors.slice(0, 2)));
    check(layers[1]!, joined(tensors.slice(2)));
  });
});

test("gains are joined by the norms beside them: without these they are left out, as ranks are", () => {
  const row = { epoch: 1, step: 1, weight: "kernel", size: 1, meanAbs: 1, effectiveRank: 1 };
  const gains = [2, Number.NaN].map((ampGain, index) => ({
    ...row,
    index,
    layer: "a",
    ampGain,
    l2: index === 0 ? 6 : 0,
  }));
  assert.equal(rollUp(gains)[0]!["ampGain"], 2);
  const without = rollUp(gains.map((each) => ({ ...row, index: each.index, layer: "a", ampGain: 3 })));
  assert.deepEqual(Object.keys(without[0]!), ["epoch", "step", "layer", "size", "meanAbs"]);
});

test("each measured step has a row of its own, and quantiles are left out", () => {
  const row = { epoch: 1, index: 0, layer: "a", weight: "kernel", size: 2, meanAbs: 1, q50: 3 };
  const found = rollUp([{ ...row, step: 1 }, { ...row, step: 2, meanAbs: 5 }]); // prettier-ignore
  assert.deepEqual(found, [
    { epoch: 1, step: 1, layer: null, size: 2, meanAbs: 1 },
    { epoch: 1, step: 2, layer: null, size: 2, meanAbs: 5 },
  ]);
});
