import type { EngineVariant } from "./engines";
import type { BenchNetwork, NetworkName } from "./networks";
import type { Row } from "./row";
import { summarise } from "./summarise";

/**
 * Rows of a network: of the variants of an engine in one precision the one with the lowest median, the others beside it;
 * one that was given up after a single run is no candidate.
 */
export function pickFastest(
  network: Pick<BenchNetwork, "batch"> & { readonly network: NetworkName },
  times: readonly (Pick<EngineVariant, "engine" | "precision" | "variant"> & { readonly runs: readonly number[] })[],
): Row[] {
  const groups = new Map<string, typeof times>();
  for (const each of times) {
    const key = `${each.engine} ${each.precision}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const [best, ...others] = group
      .map(({ variant, runs }) => ({ variant, ...summarise(runs) }))
      .sort((a, b) => b.runs.length - a.runs.length || a.msPerStep - b.msPerStep);
    const { engine, precision } = group[0]!;
    return { network: network.network, engine, precision, batch: network.batch, ...best!, others };
  });
}
