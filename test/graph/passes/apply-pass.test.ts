/** A pass sees what a step needs and nothing else, and may ask for it in any order. */
import assert from "node:assert/strict";
import "../../../src/layers";
import type { Node } from "../../../src/graph/graph";
import { op } from "../../../src/graph/op-attributes";
import { applyPass, type PassMaker } from "../../../src/graph/passes/apply-pass";
import { optimise } from "../../../src/graph/passes/optimise";
import { trace } from "../../../src/graph/trace";
import { type Tensor, tf } from "../../../src/tensorflow";
import { graphTest as test } from "../../support/graph-test";

const traced = (step: (x: Tensor) => Tensor) => trace((x) => [step(x!)], [{ dtype: 1, shape: [3] }]);

/** Ops of the nodes that a pass is shown, and those of the graph that comes out. */
function opsSeen(step: (x: Tensor) => Tensor, makePass: PassMaker = () => ({ rewrite: () => null })) {
  const seen: string[] = [];
  const changed = applyPass(traced(step), (live) => {
    seen.push(...live.nodes.map((node) => node.op));
    return makePass(live);
  });
  const left = changed.graph.nodes.map((node) => node.op).filter((each) => each !== "Placeholder");
  changed.dispose();
  return { seen, left };
}

test("what no result needs is not shown, nor counted as a user", () => {
  const step = (x: Tensor) => {
    const shared = tf.exp(x);
    tf.sin(shared);
    return tf.square(shared);
  };
  let users: string[] = [];
  const { seen, left } = opsSeen(step, (live) => {
    const shared = live.nodes.find((node) => node.op === "Exp")!.outputs[0]!;
    users = live.users(shared).map((node) => node.op);
    assert.equal(live.onlyUser(shared)!.op, "Square");
    return { rewrite: () => null };
  });
  assert.deepEqual(seen, ["Exp", "Square"]);
  assert.deepEqual(left, ["Exp", "Square"]);
  assert.deepEqual(users, ["Square"]);
});

test("a pass may ask for what comes later, and for what only the pass needs", () => {
  const step = (x: Tensor) => {
    const first = tf.square(x);
    const other = tf.exp(tf.sin(x));
    return tf.add(first, other);
  };
  const { left } = opsSeen(step, (live) => {
    const later = live.nodes.find((node) => node.op === "Exp")!;
    return { rewrite: (node, _inputs, _target, find) => (node.op === "Square" ? [find(later.outputs[0]!)] : null) };
  });
  assert.deepEqual(left, ["Sin", "Exp", "Add"]);
});

test("a pass that asks for what depends on the node in hand is told so", () => {
  const makePass: PassMaker = (live) => {
    const last = live.nodes.at(-1)!;
    return { rewrite: (node: Node, _inputs, _target, find) => (node.op === "Sin" ? [find(last.outputs[0]!)] : null) };
  };
  const original = traced((x) => tf.exp(tf.sin(x)));
  assert.throws(() => applyPass(original, makePass), /values that do not depend on the Sin that it rewrites/);
  original.dispose();
});

test("results go through the pass's last word, nodes do not", () => {
  const negated: PassMaker = () => ({
    rewrite: () => null,
    result: (value, counterpart, target) => target.add("Neg", [op.type("T", value.dtype)], [counterpart]).outputs[0]!,
  });
  assert.deepEqual(opsSeen((x) => tf.exp(tf.sin(x)), negated).left, ["Sin", "Exp", "Neg"]);
});

test("a pass that would change nothing copies nothing", () => {
  const plain = traced((x) => tf.exp(tf.sin(x)));
  assert.equal(optimise(plain, "float32"), plain);
  plain.dispose();
  // A product by a number that is known, for the passes that move such products.
  const scaled = traced((x) => tf.mul(tf.exp(x), 2));
  assert.notEqual(optimise(scaled, "float32"), scaled);
  scaled.dispose();
});
