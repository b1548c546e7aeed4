import { checkList, checkOptions, integer } from "../options";
import { random } from "./batches/random";

/**
 * Divides samples into groups that hold every class in equal proportion.
 *
 * Each group takes `round(size / classes)` samples of every class when that divides evenly; otherwise shares follow
 * the classes' frequencies by largest remainder, so that the sizes are always exact. Pure; the same arguments give the
 * same groups.
 *
 * @param labels class of each sample, integers from 0
 * @param sizes how many samples each group takes; together at most `labels.length`
 * @param options `seed`: which samples fall where
 * @returns positions of each group's samples, ascending; what no group takes is left out
 * @throws {RangeError} if the sizes are no counts, ask for more than there is, or leave no way to share them
 *
 * @example
 * import * as advanced from "gradamp/advanced";
 * const [train, validation] = advanced.stratifiedSplit([0, 1, 0, 1, 0, 1], [4, 2], { seed: 1 });
 * console.log(train!.length, validation!.length); // 4 2
 */
export function stratifiedSplit(
  labels: ArrayLike<number>,
  sizes: readonly number[],
  options: { seed: number },
): Int32Array[] {
  checkOptions("stratifiedSplit", options, { seed: integer });
  const { seed } = options;
  checkList(labels, "a list of labels");
  checkList(sizes, "a list of sizes");
  for (const size of sizes)
    if (!Number.isInteger(size) || size < 0)
      throw new RangeError(`Expected the size of a split to be an integer of at least 0 but found ${size}`);
  const asked = sizes.reduce((sum, size) => sum + size, 0);
  if (asked > labels.length)
    throw new RangeError(
      `Expected splits of at most ${labels.length} samples together but found ${sizes.join(" + ")}: ask for fewer`,
    );

  const byClass = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const members = byClass.get(labels[i]!);
    if (members) members.push(i);
    else byClass.set(labels[i]!, [i]);
  }
  const classes = [...byClass.keys()].sort((a, b) => a - b).map((label) => byClass.get(label)!);
  const stream = random(seed);
  for (const members of classes) stream.shuffle(members);

  // The smallest group first: it is the one whose balance suffers most from a class that has run out.
  const groups: Int32Array[] = [];
  const left = classes.map((members) => members.length);
  const order = sizes.map((_, group) => group).sort((a, b) => sizes[a]! - sizes[b]!);
  for (const group of order) {
    const shares = share(sizes[group]!, left);
    const taken = shares.flatMap((count, c) => classes[c]!.splice(0, count));
    shares.forEach((count, c) => (left[c]! -= count));
    groups[group] = Int32Array.from(taken).sort();
  }
  return groups;
}

/** Divides `total` in proportion to `available`, by largest remainder; ties go to the lower class. */
function share(total: number, available: readonly number[]): number[] {
  const all = available.reduce((sum, count) => sum + count, 0);
  if (all === 0) return available.map(() => 0);
  const exact = available.map((count) => (total * count) / all);
  const shares = exact.map((value) => Math.floor(value + 1e-9));
  const byRemainder = exact
    .map((value, c) => ({ c, rest: value - shares[c]! }))
    .sort((a, b) => b.rest - a.rest || a.c - b.c);
  let missing = total - shares.reduce((sum, count) => sum + count, 0);
  for (const { c } of byRemainder) {
    if (missing === 0) break;
    if (shares[c]! < available[c]!) {
      shares[c]!++;
      missing--;
    }
  }
  return shares;
}
