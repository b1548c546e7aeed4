import {
  type EpochPart,
  HISTOGRAM_RANGE,
  measuredRanges,
  Measurements,
  type MeasureOptions,
  readRows,
  type RowMeasurement,
  STATISTICS,
  type WeightTensor,
} from "../../gradients";
import { appendMeasured, emptyMeasuredRows, type MeasuredRows } from "../../rows";
import type { LayersModel } from "../../tensorflow";
import type { StepRange } from "../program/training-program";

/** An epoch about to be trained. */
export interface MeasuredEpoch {
  readonly epoch: number;
  /** Steps of the run before it. */
  readonly before: number;
  /** Whether its directionality decides on layers. */
  readonly analyses: boolean;
}

/** What is measured in a run: measurements in the steps that the schedule names, and their rows. */
export class RunMeasurement {
  readonly #measurements: Measurements;
  /** Those of the epoch as a whole. */
  #whole: readonly RowMeasurement[] = [];
  #rows: MeasuredRows = emptyMeasuredRows();

  constructor(
    model: LayersModel,
    weights: readonly WeightTensor[],
    readonly options: Required<MeasureOptions> | null,
  ) {
    const { statistics = [], histogram = HISTOGRAM_RANGE } = options ?? {};
    this.#measurements = new Measurements(model, weights, statistics, histogram);
  }

  /** Gets ready for an epoch. */
  begin({ analyses }: MeasuredEpoch): void {
    this.#rows = emptyMeasuredRows();
    this.#whole = this.#measurements.epochs(analyses ? [STATISTICS.directionality] : []);
    for (const measurement of [this.#measurements.steps, ...this.#whole]) measurement.reset();
  }

  /** A part of the epoch's steps with what measures them. */
  stepRanges({ epoch, before }: MeasuredEpoch, part: EpochPart): StepRange[] {
    const cut = this.options ? measuredRanges(this.options, before, part) : [{ ...part, measured: false }];
    // One measurement is made of a whole epoch.
    const collects = this.options?.reduce !== "epoch-mean" || part.isLast;
    return cut.map(({ first, last, measured }) => ({
      first,
      last,
      measurements: measured ? [...this.#whole, this.#measurements.steps] : this.#whole,
      ...(measured && collects ? { after: () => this.#collect({ epoch, step: before + last }) } : {}),
    }));
  }

  /**
   * The rows of an epoch that is over.
   *
   * @param steps how many it had
   */
  async read({ epoch, before }: MeasuredEpoch, steps: number): Promise<MeasuredRows> {
    appendMeasured(this.#rows, await readRows(this.#whole, { epoch, step: before + steps }));
    return this.#rows;
  }

  dispose(): void {
    this.#measurements.dispose();
  }

  async #collect(at: { epoch: number; step: number }): Promise<void> {
    appendMeasured(this.#rows, await readRows([this.#measurements.steps], at));
    this.#measurements.steps.reset();
  }
}
