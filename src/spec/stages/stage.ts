/** One stage of a training schedule. */
export interface Stage {
  /** The last epoch of the stage, counted from 1 and inclusive. */
  end: number;
  /** η; null, or left out, where the optimizer's own schedule says it: then in all stages. */
  learningRate?: number | null;
  /** β, the share of the group that is amplified; 0 amplifies nothing. Where gradients decide, 1 for a stage that amplifies. */
  ampRatio: number;
  /** Γ. */
  ampFactor: number;
}

/** A stage that was checked: its rate is one, or null for the optimizer's own schedule. */
export interface CheckedStage extends Stage {
  learningRate: number | null;
}
