/** A number that a paper prints, as `ga.published` gives it. */
export interface PublishedRow {
  paper: string;
  source: string;
  dataset: string;
  model: string;
  method: string;
  group: string | null;
  params: string | null;
  /** Γ. */
  ampFactor: number | null;
  /** How often layers were chosen anew: "stage". */
  reselect: string | null;
  learningRate: number | null;
  statistic: string | null;
  quantity: string;
  value: number;
  spread: number | null;
  resolution: number;
  printed: string;
  unit: string;
}

/** A number of a paper beside what its own other numbers give. */
export interface PaperCheck {
  paper: string;
  source: string;
  /** What is claimed, in words. */
  claim: string;
  /** What the paper prints, as text in the paper's unit. */
  printed: string;
  /** What its other numbers give, as text in the same unit. */
  recomputed: string;
  /** False where no rounding of the numbers that went in explains the difference. */
  agrees: boolean;
}
