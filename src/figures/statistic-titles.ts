const titles: Record<string, string> = {
  meanAbs: "mean |gradient|",
  maxAbs: "max |gradient|",
  l2: "‖gradient‖₂",
  zeroShare: "share of gradients that are exactly 0",
  nonFinite: "gradients that are not finite",
  weightL2: "‖weight‖₂",
  updateRatio: "‖update‖₂ / ‖weight‖₂",
};

/** How axes and hovers name a column of the gradient rows; a column that is not known here goes by its own name. */
export function statisticTitle(statistic: string): string {
  return Object.hasOwn(titles, statistic) ? (titles[statistic] as string) : statistic;
}
