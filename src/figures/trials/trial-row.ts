import { type Directionality, normalisedSymbol } from "../../rows";
/** One trained model of a sweep: what was varied, and the accuracy it reached. */
export interface TrialRow {
  /** Name of the network. */
  model: string;
  /** Name of the data set. */
  dataset: string;
  /** Which layers could be amplified ("bn", "relu", …); null where the layers' gradients decided. */
  group: string | null;
  /** β, the share of the group that is amplified, from 0 to 1; null where a threshold decides. */
  ampRatio: number | null;
  /** Γ. */
  ampFactor: number | null;
  /** On the normalised directionality; null where layers are chosen at random. */
  threshold: number | null;
  /** Which directionality ratio decides. */
  directionality: Directionality | null;
  /** "one" is case 1 of the paper, "both" is case 2. */
  sides: "one" | "both" | null;
  /** How often layers are chosen anew: "stage", or "2 epochs". Absent or null: not varied. */
  reselect?: string | null;
  /** The schedule, as "S1_xx" or "S2_0.5_xx". Absent or null: not varied. */
  strategy?: string | null;
  /** Trials that differ in it alone are averaged. */
  seed: number;
  /** Test accuracy from 0 to 1, or what `quantity` says. */
  accuracy: number;
  /** Which accuracy it is, as "trainAccuracy". Absent or null: test accuracy. */
  quantity?: string | null;
  /** Mean test accuracy of the original models, from 0 to 1; null where it was not measured. */
  baseline: number | null;
  /** Standard deviation of the original models' accuracy. */
  baselineDeviation?: number | null;
}

const groupTitles: Record<string, string> = {
  bn: "BN",
  relu: "ReLU",
  "bn+relu": "ReLU + BN",
  "first-bn-of-block": "first BN of a block",
  "last-bn-of-block": "last BN of a block",
};

/** How panels name what distinguishes their trials. */
export function trialTitle(row: TrialRow, field: keyof TrialRow): string {
  const value = row[field];
  if (field === "group") return groupTitles[String(value)] ?? String(value);
  if (field === "directionality") return normalisedSymbol(String(value));
  if (field === "sides") return value === "both" ? "case 2, both sides" : "case 1, one side";
  if (field === "reselect") return value === "stage" ? "once per rate" : `every ${value}`;
  return String(value);
}

/** How an axis names the accuracy that its trials have: "test accuracy", "training accuracy at best". */
export function accuracyTitle(rows: readonly TrialRow[]): string {
  const [, best, split = "test"] = /^(best)?(train|validation|test)Accuracy$/i.exec(rows[0]?.quantity ?? "") ?? [];
  const word = split.toLowerCase() === "train" ? "training" : split.toLowerCase();
  return `${word} accuracy${best === undefined ? "" : " at best"}`;
}
