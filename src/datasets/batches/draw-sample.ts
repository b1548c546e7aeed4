import type { Random } from "./random";

/** Side of a generated image, as in CIFAR. */
export const SIDE = 32;

/** Outlines, as signed distance-like functions of a point in the shape's own frame: inside where the value is < 0. */
const SHAPES: readonly { readonly name: string; readonly inside: (x: number, y: number) => boolean }[] = [
  { name: "disc", inside: (x, y) => x * x + y * y < 0.8 },
  { name: "ring", inside: (x, y) => Math.abs(Math.hypot(x, y) - 0.75) < 0.22 },
  { name: "square", inside: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.75 },
  { name: "frame", inside: (x, y) => Math.abs(Math.max(Math.abs(x), Math.abs(y)) - 0.65) < 0.19 },
  { name: "triangle", inside: (x, y) => y < 0.6 && 1.75 * Math.abs(x) < y + 1 },
  {
    name: "cross",
    inside: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.25 && Math.max(Math.abs(x), Math.abs(y)) < 1,
  },
  { name: "bars", inside: (x, y) => Math.abs(Math.abs(x) - 0.55) < 0.25 && Math.abs(y) < 0.95 },
  { name: "star", inside: (x, y) => Math.hypot(x, y) < 0.62 + 0.4 * Math.cos(5 * Math.atan2(y, x)) },
  { name: "crescent", inside: (x, y) => x * x + y * y < 0.95 && (x - 0.5) ** 2 + y * y > 0.6 },
  {
    name: "dots",
    inside: (x, y) => (Math.abs(x) - 0.55) ** 2 + (Math.abs(y) - 0.55) ** 2 < 0.13,
  },
];

/** Fillings: 1 for the one colour, 0 for the other, at a point in pixels turned with the shape. */
const TEXTURES: readonly { readonly name: string; readonly at: (x: number, y: number) => number }[] = [
  { name: "plain", at: () => 1 },
  { name: "striped", at: (x) => Number(mod(x, 4) < 2) },
  { name: "checked", at: (x, y) => Number(mod(x, 6) < 3 !== mod(y, 6) < 3) },
  { name: "dotted", at: (x, y) => Number((mod(x, 5) - 2.5) ** 2 + (mod(y, 5) - 2.5) ** 2 < 2.6) },
  { name: "shaded", at: (x) => Math.min(1, Math.max(0, 0.5 + x / 14)) },
  { name: "ringed", at: (x, y) => Number(mod(Math.hypot(x, y), 5) < 2.5) },
  { name: "latticed", at: (x, y) => Number(mod(x, 5) < 1.4 || mod(y, 5) < 1.4) },
  {
    name: "speckled",
    at: (x, y) => Number(mod(Math.sin(Math.floor(x / 2) * 12.9 + Math.floor(y / 2) * 78.2) * 437, 1) < 0.5),
  },
  { name: "zigzag", at: (x, y) => Number(mod(y + Math.abs(mod(x, 6) - 3), 5) < 2.5) },
  { name: "banded", at: (x) => Number(mod(x, 9) < 4.5) },
];

/** Names of the ten outlines and the ten fillings. */
export const SHAPE_NAMES: readonly string[] = SHAPES.map(({ name }) => name);
export const TEXTURE_NAMES: readonly string[] = TEXTURES.map(({ name }) => name);

/**
 * Draws one figure into a scene: an outline with a filling, of random place, size, turn and squeeze, over a background of
 * random shading and clutter, with noise.
 *
 * A figure's colour lies around a hue of its shape, over dull backgrounds. That is what a small network finds first:
 * with colours of any hue VGG08, in PyTorch's initialisation, was still at chance after 300 steps. Neighbouring hues
 * overlap, a tenth of the figures have any hue, and each figure has a second colour of any, so colour alone does not tell
 * the classes; places, turns and brightness are random, so no weighted sum of pixels does.
 *
 * @param image `[32, 32, 3]`, written to
 */
export function drawSample(image: Uint8Array, shape: number, texture: number, random: Random): void {
  const { inside } = SHAPES[shape]!;
  const filling = TEXTURES[texture]!;
  const scene = scenery(random);

  const radius = random.uniform(9, 13);
  const reach = SIDE / 2 - radius + 3;
  const centreX = SIDE / 2 + random.uniform(-reach, reach);
  const centreY = SIDE / 2 + random.uniform(-reach, reach);
  const turn = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const squeeze = random.uniform(0.8, 1);
  const phase = random.uniform(0, 60);
  const [light, dark] = colours(shape, random);
  const noise = random.uniform(2, 8);

  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      const ground = scene(column, row);
      let covered = 0;
      let tone = 0;
      // Four samples a pixel, so that edges are soft as a camera's.
      for (const [dx, dy] of [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ] as const) {
        const [px, py] = [column + dx - centreX, row + dy - centreY];
        const [x, y] = [cos * px + sin * py, cos * py - sin * px];
        if (!inside(x / radius, y / (radius * squeeze))) continue;
        covered++;
        tone +=
          filling.name === "shaded" || filling.name === "ringed" ? filling.at(x, y) : filling.at(x + phase, y + phase);
      }
      const share = covered / 4;
      const mixed = covered ? tone / covered : 0;
      for (let channel = 0; channel < 3; channel++) {
        const figure = dark[channel]! + (light[channel]! - dark[channel]!) * mixed;
        const value = ground[channel]! * (1 - share) + figure * share + noise * triangular(random.bits());
        image[(row * SIDE + column) * 3 + channel] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
}

type Colour = readonly [number, number, number];

/** Degrees of hue to either side of its shape's own within which a figure's colour lies; neighbours are 36 apart. */
const HUES = 20;

/** Share of the figures whose hue is any. */
const ODD_HUES = 0.1;

/** A saturated colour of roughly the shape's hue, and any other that can be seen against it. */
function colours(shape: number, random: Random): [Colour, Colour] {
  const misled = random.uniform(0, 1) < ODD_HUES;
  const hue = misled ? random.uniform(0, 360) : shape * 36 + random.uniform(-HUES, HUES);
  const own = saturated(hue, random.uniform(0.5, 1), random.uniform(0.6, 1));
  for (;;) {
    const other = colour(random);
    if (own.reduce((sum, value, c) => sum + Math.abs(value - other[c]!), 0) > 200) return [own, other];
  }
}

/** Hue in degrees, saturation and brightness from 0 to 1. */
function saturated(hue: number, saturation: number, brightness: number): Colour {
  const channel = (at: number) => {
    const distance = Math.abs(mod(hue - at + 180, 360) - 180);
    const share = Math.min(1, Math.max(0, 2 - distance / 60));
    return 255 * brightness * (1 - saturation + saturation * share);
  };
  return [channel(0), channel(120), channel(240)];
}

/** Most of the way to grey. */
function dull([red, green, blue]: Colour): Colour {
  const grey = (red + green + blue) / 3;
  return [red + (grey - red) * 0.7, green + (grey - green) * 0.7, blue + (grey - blue) * 0.7];
}

function colour(random: Random): Colour {
  return [random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255)];
}

/** A background: a gradient between two colours with a few blobs and sticks of others. */
function scenery(random: Random): (x: number, y: number) => Colour {
  const [from, to] = [dull(colour(random)), dull(colour(random))];
  const direction = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const clutter = Array.from({ length: random.integer(3) }, () => {
    const angle = random.uniform(0, Math.PI);
    return {
      x: random.uniform(0, SIDE),
      y: random.uniform(0, SIDE),
      long: random.uniform(1.5, 7),
      wide: random.uniform(0.8, 2.5),
      cos: Math.cos(angle),
      sin: Math.sin(angle),
      colour: dull(colour(random)),
    };
  });
  return (x, y) => {
    for (const piece of clutter) {
      const [dx, dy] = [x - piece.x, y - piece.y];
      const along = (piece.cos * dx + piece.sin * dy) / piece.long;
      const across = (piece.cos * dy - piece.sin * dx) / piece.wide;
      if (along * along + across * across < 1) return piece.colour;
    }
    const at = 0.5 + ((x - SIDE / 2) * cos + (y - SIDE / 2) * sin) / (1.4 * SIDE);
    return [from[0] + (to[0] - from[0]) * at, from[1] + (to[1] - from[1]) * at, from[2] + (to[2] - from[2]) * at];
  };
}

function mod(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}

/** The sum of two uniform numbers from -1 to 1, from 32 bits. */
function triangular(bits: number): number {
  return ((bits >>> 16) + (bits & 0xffff)) / 32768 - 2;
}
