/** Colours that must be told apart can be, also by who sees no red, no green or no blue. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { theme } from "../../src/figures";
import { timeColours } from "../../src/figures/parts/time-colours";

type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];

/** Machado, Oliveira and Fernandes (2009), table 1, severity 1.0, on linear RGB. */
const DEFICIENCIES: Record<string, Matrix> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => matrix.map(([x, y, z]) => x * a + y * b + z * c) as Triple;

const linear = (colour: string): Triple =>
  [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;

/** Ottosson's Oklab of linear RGB. */
function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((value) => Math.min(1, Math.max(0, value))) as Triple,
  ).map(Math.cbrt) as Triple;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

/** Of black and white it is 1; below 0.02 two colours look the same. */
const distance = (a: string, b: string, sight: Matrix) =>
  Math.hypot(...oklab(times(sight, linear(a))).map((value, at) => value - oklab(times(sight, linear(b)))[at]!));

describe("colours", () => {
  for (const name of ["light", "dark"] as const)
    for (const [deficiency, sight] of Object.entries(DEFICIENCIES)) {
      const look = theme(name);
      test(`the runs of a comparison can be told apart in ${name}, with ${deficiency}`, () => {
        const colours = look.categories;
        for (const [at, one] of colours.entries())
          for (const other of colours.slice(at + 1))
            assert.ok(distance(one, other, sight) > 0.06, `${one} and ${other}: ${distance(one, other, sight)}`);
      });
      test(`original and amplified, in training and testing, can be told apart in ${name}, with ${deficiency}`, () => {
        const colours = [look.baseline, look.amplified, look.baselineTraining, look.amplifiedTraining];
        for (const [at, one] of colours.entries())
          for (const other of colours.slice(at + 1))
            assert.ok(distance(one, other, sight) > 0.08, `${one} and ${other}: ${distance(one, other, sight)}`);
      });
      test(`six epochs can be told apart in ${name}, with ${deficiency}, and rise in lightness`, () => {
        const colours = [...timeColours([1, 2, 3, 4, 5, 6], look).values()];
        for (const [at, one] of colours.slice(0, -1).entries()) {
          assert.ok(distance(one, colours[at + 1]!, sight) > 0.045, `${one} and ${colours[at + 1]}`);
          assert.ok(oklab(linear(one))[0] < oklab(linear(colours[at + 1]!))[0]);
        }
      });
      test(`nothing vanishes on the ground in ${name}, with ${deficiency}`, () => {
        for (const colour of [...look.categories, ...look.sequence.map(([, each]) => each), look.ink])
          assert.ok(distance(colour, look.ground, sight) > 0.2, colour);
      });
    }
  test("large and late have the same hue in light and in dark", () => {
    const hue = (colour: string) => Math.atan2(oklab(linear(colour))[2], oklab(linear(colour))[1]);
    for (const at of [0, -1]) {
      const [light, dark] = [theme("light").sequence.at(at)![1], theme("dark").sequence.at(at)![1]];
      assert.ok(Math.abs(hue(light) - hue(dark)) < 0.7, `${light} and ${dark}`);
    }
  });
});
