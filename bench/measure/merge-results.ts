import type { WrittenResults } from "./results-json";

/** Of several benchmarks, each of which has a peak of its own. */
export type MergedResults = Omit<WrittenResults, "peak">;

/**
 * Several benchmarks of one machine as one: networks that were measured one after the other.
 *
 * @param all in the order of the tables; of machines the first is told, of `othersShare` the largest
 * @throws {RangeError} for results of other processors or versions, which do not belong in one table
 */
export function mergeResults(all: readonly WrittenResults[]): MergedResults {
  const [first] = all;
  if (!first) throw new RangeError("Expected results to merge but found none");
  const versions: Record<string, string> = {};
  for (const { machine, versions: own } of all) {
    if (machine.cpu !== first.machine.cpu || machine.cores !== first.machine.cores)
      throw new RangeError(
        `Expected results of ${first.machine.cpu}, ${first.machine.cores} cores, but found ${machine.cpu}, ${machine.cores} cores`,
      );
    for (const [name, version] of Object.entries(own)) {
      versions[name] ??= version;
      if (versions[name] !== version)
        throw new RangeError(`Expected results of ${name} ${versions[name]} but found ${name} ${version}`);
    }
  }
  const shares = all.flatMap(({ machine }) => machine.othersShare ?? []);
  return {
    machine: { ...first.machine, othersShare: shares.length > 0 ? Math.max(...shares) : null },
    versions,
    rows: all.flatMap(({ rows }) => rows),
    products: all.flatMap(({ products }) => products),
    costs: all.flatMap(({ costs }) => costs),
    comparisons: all.flatMap(({ comparisons }) => comparisons),
    leftOut: all.flatMap(({ leftOut }) => leftOut),
    flops: Object.assign({}, ...all.map(({ flops }) => flops)) as WrittenResults["flops"],
  };
}
