import { type Patch, wrapMethod } from "../patch";

const name = "seed-zero";

/** Where each function's seed stands among its arguments. */
const SEEDS = { randomNormal: 4, truncatedNormal: 4, randomStandardNormal: 2, randomGamma: 4 } as const;

type Draw = (this: never, ...args: unknown[]) => unknown;

export const seedZero: Patch = {
  name,
  changes: `functions ${Object.keys(SEEDS)
    .map((each) => `tf.${each}`)
    .join(", ")}, of seed 0`,
  reason:
    "tfjs takes seed 0 for none and draws other numbers each time: a layer with `tf.initializers.heNormal({ seed: 0 })` starts differently each time",
  writtenFor: "tfjs 4.22",
  install() {
    // tfjs's packages all look these functions up here at each call.
    const holder = require("@tensorflow/tfjs-core") as Record<keyof typeof SEEDS, Draw>;
    for (const [draw, at] of Object.entries(SEEDS) as [keyof typeof SEEDS, number][])
      wrapMethod(
        name,
        holder,
        draw,
        (original) =>
          function (this: never, ...args) {
            // A text is a seed as well, and "0" is not nothing.
            return original.apply(
              this,
              args.map((value, index) => (index === at && value === 0 ? "0" : value)) as never,
            );
          },
      );
  },
};
