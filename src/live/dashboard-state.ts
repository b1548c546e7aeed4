import type { EpochRow, Progress, RunRecord, SelectionRow, StageStart } from "../rows";
import type { DashboardStatus } from "./dashboard-event";
import { type Downsampled, downsampled } from "./downsampled";

/** What does not change while a run goes on. */
export type RunFacts = Pick<RunRecord, "name" | "model" | "parameters" | "dataset" | "options">;

/** Gradient flow of one epoch: a value a layer, null where it was not measured. */
export interface FlowColumn {
  readonly epoch: number;
  readonly values: readonly (number | null)[];
}

/** All that a dashboard shows; a plain value that `foldEvent` carries on. */
export interface DashboardState {
  readonly facts: RunFacts;
  readonly status: DashboardStatus;
  /** Of the epoch in progress; null before the first step and once the run has ended. */
  readonly progress: Progress | null;
  readonly etaSeconds: number | null;
  /** Of a long run as many as a screen can tell apart, always with the first and the last. */
  readonly epochs: Downsampled<EpochRow>;
  /** Names of the layers whose gradient flow was measured, in forward order. */
  readonly layers: readonly string[];
  /** The layers with which their chains begin, where branches run in parallel; else empty. */
  readonly chains: readonly string[];
  readonly flow: Downsampled<FlowColumn>;
  readonly stage: StageStart | null;
  /** The latest selection: every layer considered. */
  readonly selection: readonly SelectionRow[];
  /** The last few. */
  readonly warnings: readonly string[];
}

/** The dashboard of a run of which nothing has happened yet. */
export function emptyDashboard(facts: RunFacts, status: DashboardStatus = "running"): DashboardState {
  return {
    facts,
    status,
    progress: null,
    etaSeconds: null,
    epochs: downsampled(),
    layers: [],
    chains: [],
    flow: downsampled(),
    stage: null,
    selection: [],
    warnings: [],
  };
}
