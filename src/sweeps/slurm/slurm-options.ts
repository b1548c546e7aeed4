/** How trials are submitted; what is left out is the cluster's default. */
export interface SlurmOptions {
  readonly partition?: string | null;
  readonly account?: string | null;
  readonly qos?: string | null;
  readonly constraint?: string | null;
  /** GPUs of each trial.  Default: 0. */
  readonly gpus?: number;
  /** As sbatch takes it: "4G". */
  readonly memory?: string | null;
  /** Time limit of a job as sbatch takes it, "04:00:00"; a trial that is not done by then goes on in another. */
  readonly time?: string | null;
  /** The most elements of each array that run at a time. */
  readonly throttle?: number | null;
  /** Whether each trial has its node for itself. */
  readonly exclusive?: boolean;
  /** Seconds before the time limit at which a trial saves its state and is queued again.  Default: 120. */
  readonly warning?: number;
  /** More words for sbatch. */
  readonly more?: readonly string[];
  /** Lines that run before the trial: `["module load cuda"]`. */
  readonly setup?: readonly string[];
}
