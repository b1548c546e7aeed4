import type { AmplifyOptions } from "../../src/amplification";
import type { EngineName, Precision } from "./engines";
import type { BenchNetwork, NetworkName } from "./networks";

/** What a measuring process is told when it starts, as JSON. */
export interface Task extends BenchNetwork {
  readonly network: NetworkName;
  readonly engine: EngineName;
  readonly precision: Precision;
  readonly variant: string | null;
  /** Null for the network's own. */
  readonly width: number | null;
  /** Trainable, which the process's network must have as many of. */
  readonly parameters: number;
  readonly threads: number;
  /** Where gradamp computes, and so all others. */
  readonly device: "cpu" | "gpu";
  /** The network as `model.toJSON` has it, in a file. */
  readonly topology: string;
  /** What gradamp amplifies. */
  readonly amplify: { readonly group: AmplifyOptions["group"] & string; readonly ampRatio: number } | null;
  /** Names of the statistics that gradamp measures, and on which steps of an epoch. */
  readonly measure: { readonly statistics: readonly string[]; readonly reduce: "last" | "epoch-mean" } | null;
  /** Whether gradamp shows a live dashboard meanwhile, as in a notebook. */
  readonly watch?: boolean;
}

/** A process's first answer, once it has run a step or an epoch. */
export type Ready =
  | {
      /** Trainable; null from what trains nothing. */
      readonly parameters: number | null;
      readonly versions: Readonly<Record<string, string>>;
    }
  | {
      /** Why this cannot be measured here. */
      readonly unavailable: string;
    };

/** The answer to a wish for a number of steps. */
export interface Timing {
  /** Steps done; at least as many as were asked for. */
  readonly steps: number;
  /** Of all of them together. */
  readonly ms: number;
}
