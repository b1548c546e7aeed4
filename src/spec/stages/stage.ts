/** One stage of a training schedule. */
export interface Stage {
  /** The last epoch of the stage, counted from 1 and inclusive. */
  end: number;
  /** η. */
  learningRate: number;
  /** β, the share of the group that is amplified; 0 amplifies nothing. Where gradients decide, 1 for a stage that amplifies. */
  ampRatio: number;
  /** Γ. */
  ampFactor: number;
}
