import type { RowLists } from "./row-kinds";

/** What figures and tables need of a run; `Run` satisfies it, and so does what is read back from disk. */
export interface RunRecord
  extends Pick<RowLists, "epochs" | "gradients">, Partial<Omit<RowLists, "epochs" | "gradients">> {
  /** What it is called in figures and tables. */
  name: string;
  /** The network's name. */
  model: string;
  /** Trainable parameters. */
  parameters: number;
  /** The data set's name. */
  dataset: string;
  /** All options of its training, as plain JSON. */
  options: Record<string, unknown>;
}

/** What a run-like thing must have to be drawn. */
export type RunLike = Pick<RunRecord, "name"> & Partial<Omit<RunRecord, "name">>;
