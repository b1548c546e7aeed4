import { histogramQuantile, QUANTILES } from "../../rows";
import { histogramRows, OF_HISTOGRAMS } from "./gradient-histograms";
import type { StepStatistic } from "./statistic";

/** Quantiles of |gradient| (`q05`, `q25`, `q50`, `q75`, `q95`), from a histogram of log₂ |gradient|; exact to its bin. */
export const quantiles: StepStatistic<"gradients"> = {
  ...OF_HISTOGRAMS,
  name: "quantiles",
  kind: "gradients",
  rows: (values, network) =>
    histogramRows(values, network).map((row) =>
      Object.fromEntries(
        Object.entries(QUANTILES).map(([column, share]) => [column, histogramQuantile(row, network.range, share)]),
      ),
    ),
};
