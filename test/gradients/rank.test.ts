import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor, tf } from "../../src/tensorflow";
import { orthogonal } from "../../src/layers";
import { symmetric } from "../support/deterministic";
import { observedColumns } from "../support/observed-columns";

function rankOf(gradient: Tensor): number {
  const all = [gradient];
  return observedColumns({ raw: all, clipped: all, unamplified: all, weights: all, updated: all })[0]![
    "effectiveRank"
  ]!;
}

/** Singular values in double precision, by one-sided Jacobi rotations of the columns. */
function singularValues(rows: number[][]): number[] {
  const columns = rows[0]!.map((_, at) => rows.map((row) => row[at]!));
  for (let sweep = 0; sweep < 60; sweep++)
    for (let i = 0; i < columns.length; i++)
      for (let j = i + 1; j < columns.length; j++) {
        const [a, b] = [columns[i]!, columns[j]!];
        const dot = (x: number[], y: number[]) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
        const [alpha, beta, gamma] = [dot(a, a), dot(b, b), dot(a, b)];
        if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta)) continue;
        const zeta = (beta - alpha) / (2 * gamma);
        const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        columns[i] = a.map((value, at) => cosine * (value - tangent * b[at]!));
        columns[j] = a.map((value, at) => cosine * (tangent * value + b[at]!));
      }
  return columns.map((column) => Math.hypot(...column));
}

function naiveRank(rows: number[][]): number {
  const values = singularValues(rows);
  const sum = values.reduce((total, value) => total + value, 0);
  const shares = values.map((value) => value / sum).filter((share) => share > 0);
  return Math.exp(-shares.reduce((total, share) => total + share * Math.log(share), 0));
}

for (const shape of [
  [5, 5],
  [9, 4],
  [4, 9],
  [3, 3, 4, 6],
  [2, 3, 5],
])
  // prettier-ignore
  for (const scale of [1e-24, 1, 1e12])
    test(`effective rank of a random gradient [${shape}] of size ${scale} is the naive one`, () => {
      const values = Array.from(symmetric("rank", tf.util.sizeFromShape(shape), 1), (x) => Math.fround(x * scale));
      const width = shape.at(-1)!;
      const rows = Array.from({ length: values.length / width }, (_, at) => values.slice(at * width, (at + 1) * width).map((x) => x / scale)); // prettier-ignore
      const expected = naiveRank(rows);
      const found = rankOf(tf.tensor(values, shape));
      assert.ok(Math.abs(found / expected - 1) < 1e-5, `${found} against ${expected}`);
    });

test("an orthogonal matrix has full rank, an outer product 1, zeros 0, and what is not finite none", () => {
  const orthonormal = orthogonal({ seed: 1 }).apply([6, 4]);
  assert.ok(Math.abs(rankOf(orthonormal) - 4) < 1e-4);
  const outer = tf.outerProduct(tf.tensor1d([1, -2, 3]), tf.tensor1d([0.5, 1, 2, 4]));
  assert.ok(Math.abs(rankOf(outer) - 1) < 1e-4);
  assert.equal(rankOf(tf.zeros([3, 4])), 0);
  assert.equal(rankOf(tf.zeros([3])), 0);
});
