import type { EpochRow, GradientRow, HistogramRow } from "../../training";
import type { EventValue } from "./event-file";

const ABOUT: readonly string[] = ["epoch", "step", "index", "layer", "weight", "size"];

/** An epoch's scores and rates, by tag; what was not evaluated is left out. */
export function epochEvents(row: EpochRow): EventValue[] {
  const values: [string, number | null][] = [
    ["loss/train", row.trainLoss],
    ["loss/validation", row.validationLoss],
    ["loss/test", row.testLoss],
    ["accuracy/train", row.trainAccuracy],
    ["accuracy/validation", row.validationAccuracy],
    ["accuracy/test", row.testAccuracy],
    ["rates/learningRate", row.learningRate],
    ["rates/imagesPerSecond", row.imagesPerSecond],
    ["rates/amplifiedLayers", row.amplifiedLayers],
    ["epoch", row.epoch],
  ];
  return values.flatMap(([tag, scalar]) => (scalar === null ? [] : [{ tag, scalar }]));
}

/** A weight tensor's statistics, as `gradients/STATISTIC/LAYER/WEIGHT`. */
export function gradientEvents(row: GradientRow): EventValue[] {
  return Object.entries(row).flatMap(([statistic, value]) =>
    ABOUT.includes(statistic) || typeof value !== "number"
      ? []
      : [{ tag: `gradients/${statistic}/${row.layer}/${row.weight}`, scalar: value }],
  );
}

/** How log₂ |gradient| of a weight tensor is distributed, as `gradients/log2/LAYER/WEIGHT`; exact zeros are left out. */
export function histogramEvent({ low, high, counts, layer, weight }: HistogramRow): EventValue {
  const width = (high - low) / counts.length;
  const limits = counts.map((_, at) => low + (at + 1) * width);
  return { tag: `gradients/log2/${layer}/${weight}`, histogram: { low, limits, counts } };
}
