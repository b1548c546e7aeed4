import type { Directionality, GroupName, Sides, Trial } from "../spec";
import type { Paper } from "./published";

/**
 * One training run as plain JSON: all that decides its numbers, spelled out as docs/options.md has it, and what it is called
 * in tables.
 *
 * `startTrial` and `trainOptions` turn it into a run; `sharedPrefixes` says which of its first epochs it has in common with
 * others.
 */
export interface TrialSpec extends Trial {
  /** Which paper's protocol it belongs to, or null for one's own. */
  readonly paper: Paper | null;
  /** The part of the protocol: "s1", "factor", … */
  readonly part: string;
  /** How the papers call what was done; see the columns of {@link protocol}. */
  readonly labels: TrialLabels;
}

/** What distinguishes a trial in tables and figures, by the names that these know; null where it does not apply. */
export interface TrialLabels {
  /** As `ga.published` has it: "VGG-19", "VGG38 BN + RC", … */
  readonly model: string;
  /** As `ga.published` has it: "original", "amplified", "random", "G case 1", … */
  readonly method: string;
  /** The schedule with what is varied in it: "S1_xx", "S2_0.1_xx", "Γ 1 – 10", "params1", … */
  readonly strategy: string | null;
  /** The schedule as it is: "S1_0.7", "S2_0.1_0.3", … */
  readonly params: string | null;
  /** Where layers are chosen; null for the original. */
  readonly group: GroupName | null;
  /** β that is varied (S2: in 101–130), from 0 to 1. */
  readonly ampRatio: number | null;
  /** Γ; null for the original. */
  readonly ampFactor: number | null;
  /** On the normalised ratio; null where layers are drawn at random. */
  readonly threshold: number | null;
  /** G or G′; null where layers are drawn at random. */
  readonly directionality: Directionality | null;
  /** Case 1 or 2; null where layers are drawn at random. */
  readonly sides: Sides | null;
  /** "stage", "2 epochs", … */
  readonly reselect: string | null;
}
