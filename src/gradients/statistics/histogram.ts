import { histogramRows, OF_HISTOGRAMS } from "./gradient-histograms";
import { quantiles } from "./quantiles";
import type { StepStatistic } from "./statistic";

/**
 * How log₂ |gradient| of each weight tensor is distributed, in rows of its own, with the quantiles; counts of several
 * steps are added up.
 */
export const histogram: StepStatistic<"histograms"> = {
  ...OF_HISTOGRAMS,
  name: "histogram",
  kind: "histograms",
  brings: [quantiles],
  rows: histogramRows,
};
