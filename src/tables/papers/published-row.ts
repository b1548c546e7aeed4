/** A number that a paper prints, as `ga.published` gives it. */
export interface PublishedRow {
  /** "vgp", "ga" or "iga"; "coursework" for the one row beside "vgp". */
  paper: string;
  /** The table, figure or section where the number stands. */
  source: string;
  /** Name of the data set. */
  dataset: string;
  /** Name of the network. */
  model: string;
  /** How it was trained: "original", "amplified", "random", "G case 1", …. */
  method: string;
  /** Which layers could be amplified; null where that does not apply. */
  group: string | null;
  /** Name of the schedule; null where that does not apply. */
  params: string | null;
  /** Γ. */
  ampFactor: number | null;
  /** How often layers were chosen anew: "stage". */
  reselect: string | null;
  /** η; null where the paper does not say. */
  learningRate: number | null;
  /** "mean of 5", "best", …; null where the paper does not say. */
  statistic: string | null;
  /** What was measured: testAccuracy, testAccuracyImprovement, minutes, …. */
  quantity: string;
  /** In gradamp's units: accuracies as fractions, times in minutes. */
  value: number;
  /** The number behind ±, in the same unit; null where none is printed. */
  spread: number | null;
  /** Half a unit of the last digit printed: what rounding may hide. */
  resolution: number;
  /** The paper's own text. */
  printed: string;
  /** The unit of that text. */
  unit: string;
}

/** A number of a paper beside what its own other numbers give. */
export interface PaperCheck {
  /** "vgp", "ga" or "iga". */
  paper: string;
  /** The table, figure or section where the claim stands. */
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
