import { tf } from "../../../src/tensorflow";
import { Draws } from "../draws";
import { type Known, OPERATIONS } from "./operations";
import { inputValues, type Line, MODES, type ProgramInput, stepOf, type TensorProgram } from "./program";

const SHAPES: readonly (readonly number[])[] = [
  [2, 6, 6, 3],
  [4, 8, 8, 16],
  [3, 5, 2, 4],
  [2, 7, 1, 1],
  [1, 1, 9, 2],
  [5, 7],
  [4, 16],
  [1, 1],
  [6],
  [16],
  [3],
  [],
];
/** Values may not grow beyond this by tilings and products. */
const LARGEST = 20_000;

/**
 * A random program that runs op by op, or null where the draws make none.
 *
 * Shapes are found by running it: a line that tfjs refuses is left out.
 */
export function generateProgram(seed: number): TensorProgram | null {
  const draws = new Draws(seed, 1);
  const filling = draws.pick(["numbers", "numbers", "numbers", "whole", "not finite", "special"] as const);
  const first = draws.pick(SHAPES);
  const inputs: ProgramInput[] = [{ shape: first, filling }];
  while (draws.chance(0.5) && inputs.length < 4) {
    inputs.push({ shape: draws.pick([first, first, [first.at(-1) ?? 1], [], draws.pick(SHAPES)]), filling });
  }
  const length = draws.pick([2, 4, 8, 14, 24]);
  const lines: Line[] = [];
  let program: TensorProgram | null = null;
  tf.tidy(() => {
    const tensors = inputs.map((each, at) => tf.tensor(inputValues(each, at, 0), [...each.shape]));
    const known: Known[] = tensors.map(({ shape, dtype }, place) => ({ place, shape, dtype }));
    for (let tries = 0; lines.length < length && tries < 4 * length; tries++) {
      // Late values more often, so that programs grow deep.
      const value = draws.chance(0.6) ? known.at(-1)! : draws.pick(known);
      const line = draws.pick(OPERATIONS)(draws, value, known);
      // Whether NaN is the largest of a window depends on the kernel.
      if (!line || ((filling === "special" || filling === "not finite") && line.code.includes("maxPool"))) continue;
      const whole = { inputs, lines: [...lines, line], outputs: [known.length], mode: "forward", precision: "float32" } as const; // prettier-ignore
      try {
        const [result] = stepOf(whole, [])(...tensors);
        if (result!.size > LARGEST || result!.size === 0) continue;
        known.push({ place: known.length, shape: result!.shape, dtype: result!.dtype });
        lines.push(line);
      } catch {
        // tfjs refuses what does not fit.
      }
    }
    const floats = known.filter(({ dtype }) => dtype === "float32").map(({ place }) => place);
    const chosen = [...new Set([...draws.some(floats, 0.3), floats.at(-1)!])];
    const reached = reachedBy(chosen, lines, inputs.length);
    const mode = draws.pick(MODES);
    // tfjs refuses gradients by what has no part in a loss.
    const outputs = mode === "forward" ? chosen : [...chosen, ...inputs.keys()].filter((each, at) => at < chosen.length || !reached.has(each)); // prettier-ignore
    const precision = draws.chance(0.1) ? "bfloat16" : "float32";
    if (lines.length > 0) program = { inputs, lines, outputs, mode, precision };
  });
  return program;
}

/** All values that some are made of. */
function reachedBy(values: readonly number[], lines: readonly Line[], inputs: number): Set<number> {
  const reached = new Set(values);
  for (let at = lines.length - 1; at >= 0; at--) {
    if (reached.has(inputs + at)) lines[at]!.args.forEach((each) => reached.add(each));
  }
  return reached;
}
