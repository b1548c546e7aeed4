import { appendMeasured, emptyMeasuredRows, type HistogramRange, type MeasuredRows } from "../rows";
import type { StatisticName } from "../spec";
import type { LayersModel } from "../tensorflow";
import { epochMeasurement } from "./epoch-measurement";
import { LayerOutputs } from "./layer-outputs";
import type { RowMeasurement } from "./measurement";
import { STATISTICS } from "./statistics";
import type { EpochStatistic, MeasuredNetwork, Statistic, StepStatistic } from "./statistics/statistic";
import { stepMeasurement } from "./step-measurement";
import type { WeightTensor } from "./weight-tensors";

/** The measurements that a list of statistics takes: one of steps, and one for each statistic of whole epochs. */
export class Measurements {
  /** What single steps show. */
  readonly steps: RowMeasurement;
  readonly #network: MeasuredNetwork;
  readonly #asked: readonly EpochStatistic[];
  readonly #epochs = new Map<EpochStatistic, RowMeasurement>();

  /** @param weights what `weightTensors(model)` gave */
  constructor(
    model: LayersModel,
    weights: readonly WeightTensor[],
    names: readonly StatisticName[],
    range: HistogramRange,
  ) {
    const statistics = names.map((name): Statistic => STATISTICS[name]);
    const ofSteps = statistics.filter((statistic): statistic is StepStatistic => statistic.over === "steps");
    const outputs = ofSteps.some(({ wants }) => wants === "outputs") ? new LayerOutputs(model) : null;
    this.#asked = statistics.filter((statistic): statistic is EpochStatistic => statistic.over === "epoch");
    this.#network = { weights, layers: outputs?.names ?? [], chains: outputs?.chains ?? null, range };
    this.steps = stepMeasurement(ofSteps, this.#network, outputs);
  }

  /** What whole epochs show: what was asked for, and `more`. Nothing is kept for a statistic before it is first asked for. */
  epochs(more: readonly EpochStatistic[] = []): RowMeasurement[] {
    return [...new Set([...this.#asked, ...more])].map((statistic) => {
      const known = this.#epochs.get(statistic) ?? epochMeasurement(statistic, this.#network);
      this.#epochs.set(statistic, known);
      return known;
    });
  }

  dispose(): void {
    this.steps.dispose();
    for (const measurement of this.#epochs.values()) measurement.dispose();
  }
}

/** Reads measurements, one after the other, and puts their rows together. */
export async function readRows(
  measurements: readonly RowMeasurement[],
  at: { epoch: number; step: number },
): Promise<MeasuredRows> {
  const rows = emptyMeasuredRows();
  for (const measurement of measurements) appendMeasured(rows, measurement.rows(await measurement.read(), at));
  return rows;
}
