import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resnet101, vgg19, vgg38 } from "../../src/models";

describe("a network that cannot fit is refused with the memory that it takes, before that is taken", () => {
  for (const [name, build] of [
    ["vgg38", () => vgg38({ width: 1_000_000 })],
    ["vgg19", () => vgg19({ width: 99_999_999 })],
    ["resnet101", () => resnet101({ width: 200_000 })],
    ["many classes", () => vgg19({ classes: 2 ** 40 })],
  ] as const)
    test(name, () =>
      assert.throws(build, {
        name: "RangeError",
        message: /fit into memory but found .* weights up to layer .* GB are free/,
      }),
    );
});
