import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStages, printStages, stages, strategy } from "../../src/amplification";

const PRINTED = "[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2), (130, 0.01, 0.3, 2), (150, 0.01, 0, 1)]";

test("the papers' notation is read and written", () => {
  const plan = strategy("S2_0.7_0.3", { group: "bn" });
  assert.equal(printStages(plan), PRINTED);
  assert.deepEqual(parseStages(PRINTED), plan.stages);
  assert.deepEqual(stages(PRINTED, { group: "bn" }), plan);
  assert.equal(printStages(stages(PRINTED, { group: "bn" })), PRINTED);
});

test("white space, and brackets around the whole, do not matter", () => {
  const expected = [{ end: 5, learningRate: 0.1, ampRatio: 0, ampFactor: 1 }, { end: 9, learningRate: 0.01, ampRatio: 0.5, ampFactor: 2 }]; // prettier-ignore
  for (const text of ["(5,0.1,0,1),(9,1e-2,.5,2)", " [ ( 5 , 0.1 , 0 , 1 ) ,\n(9, 0.01, 0.5, 2) ] "]) {
    assert.deepEqual(parseStages(text), expected);
  }
});

test("words have the values they are given", () => {
  const text = "[(100, 0.1, mm, 2), (130, 0.01, nn, 2)]";
  assert.deepEqual(parseStages(text, { mm: 0.1, nn: 0.3 }).map(({ ampRatio }) => ampRatio), [0.1, 0.3]); // prettier-ignore
});

test("what is no such notation is refused, naming what is found", () => {
  const refused = (text: string, message: RegExp) => assert.throws(() => parseStages(text), { name: "RangeError", message }); // prettier-ignore
  refused("", /but found ""/);
  refused("[50, 0.1, 0, 1]", /"\[50, 0\.1, 0, 1\]"/);
  refused("(50, 0.1, 0, 1) (100, 0.1, 0, 1)", /found/);
  refused("(50, 0.1)", /2 values in \(50, 0\.1\): end epoch, learning rate \(which may be left out\), ratio, factor/);
  refused("(50, 0.1, 0, 1, 2)", /5 values in \(50, 0\.1, 0, 1, 2\)/);
  refused("(50, 0.1, xx, 2)", /"xx" in \(50, 0\.1, xx, 2\): give it a value, \{ xx: 0\.3 \}/);
  refused("(50, , 0, 2)", /""/);
});
