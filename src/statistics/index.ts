/** How far numbers over a few seeds can be believed. */
export { bestOfByChance, type BestOfChance } from "./best-of-by-chance";
export type { BestOfOptions } from "./best-of-distribution";
export { chanceOfGain } from "./chance-of-gain";
export { expectedBestOf } from "./expected-best-of";
export { holm, type HolmResult } from "./holm";
export { checkOneSetting, differingSetting } from "./one-setting";
export { pairedDifference, type PairedDifference, type SeedValue, summariseDifference } from "./paired-difference";
export { selectOnValidation, type Selection, type SelectionOptions } from "./select-on-validation";
export { summarise, type SummariseOptions, type Summary } from "./summarise";
export { type Interval, judgeDifference, judgeNumber, type Verdict, VERDICT_RULES, VERDICTS } from "./verdict";
