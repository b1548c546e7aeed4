import { checkList, integer } from "../options";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { checkRatio } from "../spec";

/**
 * How many of `size` layers a ratio selects: none for 0, all for 1, else max(1, floor(β·size)).
 *
 * A plain floor would silently select nothing for β = 0.1 of 8 layers, for which the 2020 paper reports a gain.
 *
 * @param size how many layers the group has
 * @param ampRatio β, in [0, 1]
 * @throws {RangeError} if the ratio lies outside [0, 1]
 */
export function selectionSize(size: number, ampRatio: number): number {
  checkRatio(ampRatio);
  if (ampRatio === 0) return 0;
  return Math.min(size, Math.max(1, Math.floor(ampRatio * size + 1e-9)));
}

/**
 * A seeded random selection of a group's members without replacement, in forward order.
 *
 * Source: Basodi et al. 2020, Algorithm 2.
 *
 * @param members the group, in forward order
 * @param ampRatio β, the share that is drawn, in [0, 1]
 * @param seed whole number; the same seed selects the same members
 *
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.selectLayers(["a", "b", "c", "d"], 0.5, 7));
 */
export function selectLayers<Member>(members: readonly Member[], ampRatio: number, seed: number): Member[] {
  checkList(members, "a list of layers");
  integer.read(seed, "seed");
  const count = selectionSize(members.length, ampRatio);
  const random = xoroshiro128plus(seed);
  const order = members.map((_, index) => index);
  for (let at = 0; at < count; at++) {
    const other = uniformInt(random, at, order.length - 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order
    .slice(0, count)
    .sort((a, b) => a - b)
    .map((index) => members[index]!);
}
