/** Where a run is kept, and how. */
export interface SaveOptions {
  /**
   * The run's folder.  Where it holds an unfinished run with the same model, data and options, that run goes on from its
   * last checkpoint.
   */
  readonly folder: string;
  /** A checkpoint every so many epochs; 1 by default.  The best epoch by validation and the last one have theirs always. */
  readonly checkpointEvery?: number;
  /** Epochs whose checkpoints are never deleted, to fork from them later; none by default. */
  readonly keep?: readonly number[];
  /** Whether the checkpoints of the last and the best epoch stay when the run has ended; true by default. */
  readonly keepLast?: boolean;
  /** Ends after this epoch with everything saved, status `"interrupted"`; null (default) for the last. */
  readonly until?: number | null;
  /** Begins as a copy of another run up to one of its epochs that has a checkpoint; null (default) at the beginning. */
  readonly from?: { readonly run: string; readonly epoch: number } | null;
  /** Whether event files for TensorBoard are written beside; false by default. */
  readonly tensorBoard?: boolean;
  /** Makes this process compute the same bits each time, or throws; see {@link enableOpDeterminism}.  False by default. */
  readonly deterministic?: boolean;
  /** Kept in `run.json` as it is: what the run was asked for by a command line or a sweep. */
  readonly config?: unknown;
  /** Called with what was repaired at the beginning, and with why it has to wait for another process. */
  readonly onNote?: (text: string) => void;
}
