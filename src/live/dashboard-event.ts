import type { EpochRow, MeasuredRows, Progress, RunStatus, SelectionRow, StageStart } from "../rows";

/** What a dashboard is told, from a run in this process or from a run's folder. */
export type DashboardEvent =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "stage"; readonly stage: StageStart }
  /** Every layer considered, and whether it was selected. */
  | { readonly kind: "selection"; readonly rows: readonly SelectionRow[] }
  /** An epoch, with what was measured in it. */
  | ({ readonly kind: "epoch"; readonly row: EpochRow } & {
      readonly [Kind in keyof MeasuredRows]?: Readonly<MeasuredRows[Kind]>;
    })
  | { readonly kind: "warning"; readonly text: string }
  /** Seconds that the rest will take, where nothing else of the progress is known. */
  | { readonly kind: "eta"; readonly seconds: number | null }
  | { readonly kind: "end"; readonly status: DashboardStatus };

/** `"waiting"`: no run yet; `"stale"`: the process that trained it is gone; `"unwatched"`: whoever watched has stopped. */
export type DashboardStatus = RunStatus | "waiting" | "stale" | "unwatched";
