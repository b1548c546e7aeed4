import { aFunction, type KindsOf, oneOf, text } from "../options";
import type { GradientRow } from "./row-types";

/** The values of one epoch (or step) along the depth of a network. */
export interface LayerSeries {
  epoch: number;
  step: number;
  /** One a label; null where the statistic was not measured at that step. */
  values: (number | null)[];
}

/** Several lines over the same layers. */
export interface LayerTable {
  /** Layer names in forward order; a layer with several weights shown has " · weight" appended. */
  labels: string[];
  /**
   * Places that one line leads through, for each chain of layers; one list of all where no branches run in parallel.
   */
  chains: number[][];
  series: LayerSeries[];
}

export interface LayerSeriesOptions {
  /** Which column of the rows. Default: "meanAbs". */
  statistic?: string;
  /** Which weights take part. Default: all but biases and betas, as in "Analysis of Vanishing gradient problem". */
  weights?: (row: GradientRow) => boolean;
  /** "epoch": the last measured step of each epoch; "step": every measured step. Default: "epoch". */
  per?: "epoch" | "step";
}

/** What each of these may be. */
export const LAYER_SERIES_KINDS: KindsOf<LayerSeriesOptions> = {
  statistic: text,
  weights: aFunction,
  per: oneOf("epoch", "step"),
};

/**
 * Whether a row is of a weight that gradient-flow figures show: kernels and batch-norm gammas, not biases and betas.
 */
export function isShownWeight(row: GradientRow): boolean {
  return !/(?:^|[_/])(?:bias|beta)$/.test(row.weight);
}

function refuseMissing(rows: readonly GradientRow[], statistic: string): never {
  const first = rows[0] as GradientRow;
  const numeric = Object.keys(first).filter((key) => typeof first[key] === "number");
  throw new RangeError(
    `Expected a numeric column ${statistic} in the gradient rows but found ${numeric.join(", ")}; ` +
      `measure it (measure: { statistics: [...] }) or name one of these`,
  );
}

/**
 * Arranges gradient rows along depth: one series of values an epoch (or step), one place a weight tensor.
 *
 * @throws {RangeError} if the rows lack the statistic or no weight is left to show
 */
export function layerSeries(rows: readonly GradientRow[], options: LayerSeriesOptions = {}): LayerTable {
  const { statistic = "meanAbs", weights = isShownWeight, per = "epoch" } = options;
  const allowed = rows.filter(weights);
  if (allowed.length === 0) throw new RangeError("Expected weights to show but the filter leaves none");
  // Statistics may have schedules of their own, so a row may lack some.
  const shown = allowed.filter((row) => typeof row[statistic] === "number");
  if (shown.length === 0) refuseMissing(allowed, statistic);
  const places = new Map<number, GradientRow>();
  const lastStep = new Map<number, number>();
  for (const row of shown) {
    if (!places.has(row.index)) places.set(row.index, row);
    lastStep.set(row.epoch, Math.max(row.step, lastStep.get(row.epoch) ?? -Infinity));
  }
  const order = [...places.keys()].sort((a, b) => a - b);
  const column = new Map(order.map((index, place) => [index, place]));
  const weightsOf = new Map<string, number>();
  for (const { layer } of places.values()) weightsOf.set(layer, (weightsOf.get(layer) ?? 0) + 1);
  const labels: string[] = [];
  for (const index of order) {
    const row = places.get(index) as GradientRow;
    const name = weightsOf.get(row.layer) === 1 ? row.layer : `${row.layer} · ${row.weight}`;
    // Weights of one name, which older runs have, would be drawn onto one place.
    let label = name;
    for (let number = 2; labels.includes(label); number++) label = `${name} ${number}`;
    labels.push(label);
  }
  const chains = new Map<unknown, number[]>();
  order.forEach((index, place) => {
    const { chain = null } = places.get(index)!;
    chains.set(chain, [...(chains.get(chain) ?? []), place]);
  });
  const series = new Map<number, LayerSeries>();
  for (const row of shown) {
    if (per === "epoch" && row.step !== lastStep.get(row.epoch)) continue;
    let entry = series.get(row.step);
    if (!entry) {
      entry = { epoch: row.epoch, step: row.step, values: new Array<number | null>(order.length).fill(null) };
      series.set(row.step, entry);
    }
    entry.values[column.get(row.index) as number] = row[statistic] as number;
  }
  return { labels, chains: [...chains.values()], series: [...series.values()].sort((a, b) => a.step - b.step) };
}
