const titles: Record<string, string> = {
  meanAbs: "mean |gradient|",
  maxAbs: "max |gradient|",
  l2: "‖gradient‖₂",
  zeroShare: "share of gradients that are exactly 0",
  nonFinite: "gradients that are not finite",
  weightL2: "‖weight‖₂",
  updateL2: "‖update‖₂",
  updateRatio: "‖update‖₂ / ‖weight‖₂",
  rawMeanAbs: "mean |gradient| without amplification",
  clippedMeanAbs: "mean |gradient| after clipping",
  ampGain: "‖amplified gradient‖₂ / ‖raw gradient‖₂",
  effectiveRank: "effective rank of the gradient",
  q05: "5% quantile of |gradient|",
  q25: "25% quantile of |gradient|",
  q50: "median |gradient|",
  q75: "75% quantile of |gradient|",
  q95: "95% quantile of |gradient|",
};

/** How axes and hovers name a column of the gradient rows; a column that is not known here goes by its own name. */
export function statisticTitle(statistic: string): string {
  return Object.hasOwn(titles, statistic) ? (titles[statistic] as string) : statistic;
}
