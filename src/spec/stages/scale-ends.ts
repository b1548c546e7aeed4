import { above0, checkFunction } from "../../options";

/**
 * Stage ends for a shorter training: each multiplied by `factor` and rounded, halves down; every stage keeps at least one
 * epoch.
 *
 * @param stages stages with ends in epochs
 * @param factor what ends are multiplied by, above 0
 * @param least how many epochs a stage keeps at least; 2 for one that is analysed before it is amplified
 * @throws {RangeError} unless the factor is above 0
 *
 * @example
 * import * as advanced from "gradamp/advanced";
 * console.log(advanced.scaleEnds([{ end: 10 }, { end: 100 }, { end: 145 }, { end: 150 }], 0.1).map(({ end }) => end)); // [1, 10, 14, 15]
 */
export function scaleEnds<S extends { readonly end: number }>(
  stages: readonly S[],
  factor: number,
  least: (stage: S) => number = () => 1,
): S[] {
  above0.read(factor, "epochScale");
  checkFunction(least, "the least epochs of a stage");
  // Ends that do not increase are for the plan's own check to refuse.
  if (factor === 1) return [...stages];
  let before = 0;
  return stages.map((stage) => {
    before = Math.max(before + least(stage), Math.ceil(stage.end * factor - 0.5));
    return { ...stage, end: before };
  });
}
