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
 * Draws one figure into a noisy scene: an outline with a filling, of random place, size, turn and colours, over a
 * background of random shading and clutter.
 *
 * Light figures on dark grounds are as frequent as dark on light, and every pixel is as likely to be inside as for any
 * other class, so no weighted sum of pixels tells the classes apart.
 *
 * @param image `[32, 32, 3]`, written to
 */
export function drawSample(image: Uint8Array, shape: number, texture: number, random: Random): void {
  const { inside } = SHAPES[shape]!;
  const filling = TEXTURES[texture]!;
  const scene = scenery(random);

  const radius = random.uniform(7, 12);
  const reach = SIDE / 2 - radius + 3;
  const centreX = SIDE / 2 + random.uniform(-reach, reach);
  const centreY = SIDE / 2 + random.uniform(-reach, reach);
  const turn = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const squeeze = random.uniform(0.8, 1);
  const phase = random.uniform(0, 60);
  const [light, dark] = colours(random);
  const noise = random.uniform(6, 22);

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
        const value =
          ground[channel]! * (1 - share) + figure * share + noise * (random.uniform(-1, 1) + random.uniform(-1, 1));
        image[(row * SIDE + column) * 3 + channel] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
}

type Colour = readonly [number, number, number];

/** Two colours that differ enough to be seen against each other, in random order of brightness. */
function colours(random: Random): [Colour, Colour] {
  for (;;) {
    const [a, b] = [colour(random), colour(random)];
    if (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) > 200) return [a, b];
  }
}

function colour(random: Random): Colour {
  return [random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255)];
}

/** A background: a gradient between two colours with a few blobs and sticks of others. */
function scenery(random: Random): (x: number, y: number) => Colour {
  const [from, to] = [colour(random), colour(random)];
  const direction = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const clutter = Array.from({ length: 2 + random.integer(4) }, () => {
    const angle = random.uniform(0, Math.PI);
    return {
      x: random.uniform(0, SIDE),
      y: random.uniform(0, SIDE),
      long: random.uniform(1.5, 7),
      wide: random.uniform(0.8, 2.5),
      cos: Math.cos(angle),
      sin: Math.sin(angle),
      colour: colour(random),
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
