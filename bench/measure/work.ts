import type { NetworkDescription } from "./describe-network";
import { launchable } from "./launch";
import type { BenchOptions } from "./parse-options";
import { COST_STEPS, FEATURES } from "./run-costs";
import { wantedVariants } from "./run-engines";

/** A guess, for repeats that are filled up to a second: only the estimate of what time is left hangs on it. */
const GFLOPS = 200;

/** GFLOP of one repeat of an engine. */
export function repeatWork({ flops }: Pick<NetworkDescription, "flops">, { seconds, tiny }: BenchOptions): number {
  return Math.max((3 * flops) / 1e9, tiny ? 0 : seconds * GFLOPS);
}

/** GFLOP of one pair of a cost row. */
export function pairWork({ flops, network }: Pick<NetworkDescription, "flops" | "network">): number {
  return (2 * (COST_STEPS[network] ?? 0) * flops) / 1e9;
}

/** GFLOP of all that is to be measured, so that progress can say how long the rest takes. */
export function plannedWork(networks: readonly NetworkDescription[], options: BenchOptions): number {
  // Each process runs once more, to find out how many steps a repeat needs.
  const repeats = wantedVariants(options).filter(launchable).length * (options.repeats + 1);
  const pairs = options.sections.includes("costs") ? FEATURES.length * options.pairs : 0;
  return networks.reduce((sum, each) => sum + repeats * repeatWork(each, options) + pairs * pairWork(each), 0);
}
