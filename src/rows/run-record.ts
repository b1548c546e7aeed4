import type { RowLists } from "./row-kinds";

/** What figures and tables need of a run; `Run` satisfies it, and so does what is read back from disk. */
export interface RunRecord
  extends Pick<RowLists, "epochs" | "gradients">, Partial<Omit<RowLists, "epochs" | "gradients">> {
  name: string;
  model: string;
  /** Trainable parameters. */
  parameters: number;
  dataset: string;
  options: Record<string, unknown>;
}

/** What a run-like thing must have to be drawn. */
export type RunLike = Pick<RunRecord, "name"> & Partial<Omit<RunRecord, "name">>;
