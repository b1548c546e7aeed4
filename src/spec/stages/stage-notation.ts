import { anyNumber, byName, checkArgument } from "../../options";
import type { Stage } from "./stage";

const TUPLE = /\(([^()]*)\)/g;

/**
 * Reads the notation that the papers print: `[(50, 0.1, 0, 1), (100, 0.1, xx, 2), (150, 0.01, 0, 1)]`; of three values, `(50, 0, 1)`,
 * the rate is left to the optimizer's own schedule.
 *
 * Source: Basodi et al. 2020, Algorithm 1, and 2023, section on training.
 *
 * @param text stages as the papers print them: `[(end, η, β, Γ), …]`
 * @param values what words stand for: `{ xx: 0.3 }` in the 2020 paper, `{ is_amp: 1 }` in the 2023 paper
 * @throws {RangeError} if the text is not of that form or a word has no value
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.parseStages("[(50, 0.1, 0, 1), (100, 0.1, xx, 2)]", { xx: 0.7 })[1]?.ampRatio); // 0.7
 */
export function parseStages(text: string, values: Readonly<Record<string, number>> = {}): Stage[] {
  byName(anyNumber, "numbers").read(values, "values");
  const refuse = (found: string): never => {
    throw new RangeError(`Expected stages like "[(50, 0.1, 0, 1), (100, 0.1, 0.7, 2)]" but found ${found}`);
  };
  if (!/^\s*\[?\s*\([^()]*\)(\s*,\s*\([^()]*\))*\s*\]?\s*$/.test(text)) refuse(JSON.stringify(text));
  return [...text.matchAll(TUPLE)].map(([tuple, inside]) => {
    const words = inside!.split(",").map((word) => word.trim());
    const numbers = words.map((word) => (Object.hasOwn(values, word) ? values[word]! : Number(word || Number.NaN)));
    const unknown = words.find((_, index) => Number.isNaN(numbers[index]));
    if (unknown !== undefined) refuse(`${JSON.stringify(unknown)} in ${tuple}: give it a value, { ${unknown}: 0.3 }`);
    if (numbers.length === 3) {
      const [end, ampRatio, ampFactor] = numbers as [number, number, number];
      return { end, learningRate: null, ampRatio, ampFactor };
    }
    if (numbers.length !== 4)
      refuse(`${numbers.length} values in ${tuple}: end epoch, learning rate (which may be left out), ratio, factor`);
    const [end, learningRate, ampRatio, ampFactor] = numbers as [number, number, number, number];
    return { end, learningRate, ampRatio, ampFactor };
  });
}

/**
 * Writes a schedule as the papers print it; a stage whose layers the gradients decide has `amp` for β.
 *
 * @param plan a schedule, as of `ga.stages`, `ga.strategy` or `ga.intelligentStages`
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.printStages(ga.strategy("S1_0.7", { group: "bn" })));
 * // [(50, 0.1, 0, 1), (100, 0.1, 0.7, 2), (130, 0.01, 0, 1), (150, 0.01, 0, 1)]
 */
export function printStages(plan: { readonly stages: readonly Stage[]; readonly intelligent?: object | null }): string {
  checkArgument(plan, "a plan, as of ga.stages,", "stages");
  const tuples = plan.stages.map(({ end, learningRate, ampRatio, ampFactor }) => {
    const ratio = plan.intelligent && ampRatio > 0 ? "amp" : ampRatio;
    return `(${[end, learningRate ?? null, ratio, ampFactor].filter((value) => value !== null).join(", ")})`;
  });
  return `[${tuples.join(", ")}]`;
}
