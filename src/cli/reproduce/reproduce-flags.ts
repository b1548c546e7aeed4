import type { EngineFlags } from "../sweep/engine-flags";

/** What `gradamp reproduce` may be told beside the paper. */
export interface ReproduceFlags extends EngineFlags {
  readonly scale: "demo" | "short" | "paper";
  readonly part?: string;
  readonly models?: string[];
  readonly scope?: "backprop" | "parameters" | "input";
  readonly weightDecay?: number;
  readonly split?: "train-test" | "held-out";
  readonly readingOfG?: "G" | "GNet";
  readonly seeds?: number;
  readonly power?: boolean;
  readonly tables?: number;
}
