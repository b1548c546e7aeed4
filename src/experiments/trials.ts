import { checkOptions } from "../options";
import { GA_PARTS } from "./ga-protocol";
import { IGA_PARTS } from "./iga-protocol";
import { PROTOCOL_KINDS, type ProtocolOptions, type ResolvedProtocol } from "./protocol-options";
import { type Paper, papers } from "./published";
import type { TrialSpec } from "./trial-spec";
import { VGP_PARTS } from "./vgp-protocol";

const PROTOCOLS: Record<Paper, Readonly<Record<string, (protocol: ResolvedProtocol) => TrialSpec[]>>> = {
  ga: GA_PARTS,
  iga: IGA_PARTS,
  vgp: VGP_PARTS,
};

/**
 * A paper's experiments as trials: plain data that `ga.startTrial` runs.
 *
 * | paper | part | trials | |
 * |---|---|---|---|
 * | ga | baseline | 15 | three networks, five runs |
 * | | s1 | 121 | 11 networks × groups, β = 0, 0.1, …, 1 in epochs 51–100 |
 * | | s2 | 484 | four of these in 51–100, β = 0, …, 1 in 101–130 |
 * | | factor | 90 | Γ = 1, …, 10 and 1.1, …, 3 at the best of the above |
 * | | late | 242 | amplified in 101–150 only, and in 101–130 only |
 * | | longer | 15 | the originals up to epoch 200 |
 * | | calibration | 36 | baselines under other optimizers |
 * | iga | baseline | 100 | five networks, two sets, ten runs |
 * | | params1 | 456 | three networks, 19 thresholds, G and G′, both cases, two sets |
 * | | params2 | 144 | two deeper networks, 9 thresholds, the same |
 * | | frequency | 228 | layers selected every 2 and every 5 epochs, both cases |
 * | | random | 10 | the column "random layer amplification" |
 * | | time | 500 | running times, ten runs of five methods |
 * | | calibration | 120 | baselines under other optimizers |
 * | vgp | table1 | 8 | seven configurations, one of them both ways |
 *
 * Source: Basodi et al. 2020 ("ga") and 2023 ("iga"), and Analysis of Vanishing gradient problem ("vgp").
 *
 * @param paper "ga" (2020), "iga" (2023) or "vgp" (Analysis of Vanishing gradient problem)
 * @param options part, seeds, scope and what else the protocol leaves open
 * @throws {RangeError} for a paper or part that is not there
 *
 * @example
 * import * as ga from "gradamp";
 * const trials = ga.trials("iga", { part: "params1" });
 * console.log(trials.length, trials[0]?.name); // 456 "VGG-19 G one 0.7"
 */
export function trials(paper: Paper, options: ProtocolOptions = {}): TrialSpec[] {
  checkOptions("trials", options, PROTOCOL_KINDS);
  const { part = null, scope = "backprop", weightDecay = 0, split = "train-test", readingOfG = "G" } = options;
  if (!papers.includes(paper)) {
    throw new RangeError(`Expected paper to be one of ${papers.join(", ")} but found ${String(paper)}`);
  }
  if (readingOfG !== "G" && paper !== "iga") {
    throw new RangeError(`Expected readingOfG with the paper "iga" alone but found "${readingOfG}" with "${paper}", which has no G: leave it out`); // prettier-ignore
  }
  const parts = PROTOCOLS[paper];
  if (part !== null && !Object.hasOwn(parts, part)) {
    throw new RangeError(`Expected a part of ${paper} (${Object.keys(parts).join(", ")}) but found ${part}`);
  }
  const wanted = part === null ? Object.values(parts) : [parts[part]!];
  return wanted.flatMap((make) => make({ scope, weightDecay, split, readingOfG }));
}
