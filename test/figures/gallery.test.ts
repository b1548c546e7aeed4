import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as figures from "../../src/figures";
import { gallery } from "./gallery-examples";
import { matchSnapshot } from "./match-snapshot";

describe("the gallery", () => {
  for (const { name, draw } of gallery)
    test(`${name} is as it was looked at, in light and dark`, () => {
      matchSnapshot(`gallery/${name}-light`, draw("light"));
      matchSnapshot(`gallery/${name}-dark`, draw("dark"));
    });

  test("has every figure that the library draws", () => {
    const drawn = Object.keys(figures).filter((name) => name !== "theme");
    assert.deepEqual(
      drawn.filter((name) => !gallery.some((figure) => figure.name === name)),
      [],
    );
  });

  test("names no axis that a trace uses without laying it out", () => {
    for (const { name, draw } of gallery) {
      const { data, layout } = draw("light");
      for (const trace of data)
        for (const axis of [trace.xaxis ?? "x", trace.yaxis ?? "y"])
          assert.ok(`${axis[0]}axis${axis.slice(1)}` in layout, `${name}: ${axis}`);
    }
  });
});
