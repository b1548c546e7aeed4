import { SCOPES } from "../spec";
import { number, oneOf, orNull, text, type KindsOf } from "../options";
import type { Scope } from "../amplification";

/** What {@link trials} and {@link protocol} are told. */
export interface ProtocolOptions {
  /** The part of the protocol; null for all parts. Default: null. */
  part?: string | null;
  /**
   * Where the factor acts. Default: `"backprop"`. The papers can be read either way, so each protocol runs under both;
   * under `"parameters"` the groups that hold ReLUs, which own no weights, fall out.
   */
  scope?: Scope;
  /**
   * Of the 2020 and 2023 protocols, whose papers do not say it. Default: 0. With 5e-4 plain networks reach by
   * themselves what the papers print for amplified ones, so results are reported under both.
   */
  weightDecay?: number;
  /**
   * `"train-test"` as in the papers of 2020 and 2023, which name no validation split, or `"held-out"` (45,000
   * / 5,000), with which ratios and thresholds need not be chosen on test images. The VGG38 study has its own.
   * Default: `"train-test"`.
   */
  split?: "train-test" | "held-out";
  /**
   * Which ratio is the 2023 paper's G: as eq. 4 has it, `"G"`, or `"GNet"`, with the absolute value around the sum over
   * the whole layer, as the text of its section 3.2 describes it. Only for "iga". Default: `"G"`.
   */
  readingOfG?: "G" | "GNet";
}

/** What each of these may be. */
export const PROTOCOL_KINDS: KindsOf<ProtocolOptions> = {
  part: orNull(text),
  scope: oneOf(...SCOPES),
  weightDecay: number("to be at least 0", (found) => found >= 0),
  split: oneOf("train-test", "held-out"),
  readingOfG: oneOf("G", "GNet"),
};

/** The same with every default filled in, without the part. */
export type ResolvedProtocol = Required<Omit<ProtocolOptions, "part">>;
