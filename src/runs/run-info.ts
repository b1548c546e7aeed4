/** What `run.json` tells of a run; fields that are not listed here are kept as they are. */
export interface RunInfo {
  /** A name for people. */
  name: string;
  model: string;
  /** Trainable parameters. */
  parameters: number;
  dataset: string;
  /** Every option of the run. */
  options: Record<string, unknown>;
  /** "running", "finished", "failed", …; who trains sets it. */
  status: string;
  [field: string]: unknown;
}

/** The name of the file in a run's folder. */
export const runInfoFile = "run.json";
