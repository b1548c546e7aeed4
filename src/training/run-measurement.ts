import {
  type DirectionalityObserver,
  directionalityObserver,
  type GradientObserver,
  measuredStretches,
  type Measurement,
  measurement,
  type MeasureOptions,
  type WeightTensor,
} from "../gradients";
import { appendMeasured, emptyMeasuredRows, type MeasuredRows } from "../rows";
import type { LayersModel } from "../tensorflow";
import type { Stretch } from "./program/training-program";

/** An epoch about to be trained. */
export interface MeasuredEpoch {
  readonly epoch: number;
  /** Steps of the run before it. */
  readonly before: number;
  readonly steps: number;
  /** Whether its directionality decides on layers. */
  readonly analyses: boolean;
}

/** What is measured in a run: observers on the steps that the schedule names, and their rows. */
export class RunMeasurement {
  readonly #measurement: Measurement | null;
  readonly #always: boolean;
  #directionality: DirectionalityObserver | null = null;
  #rows: MeasuredRows = emptyMeasuredRows();

  constructor(
    model: LayersModel,
    readonly weights: readonly WeightTensor[],
    readonly options: Required<MeasureOptions> | null,
  ) {
    const { statistics = [], histogram } = options ?? {};
    this.#measurement = histogram ? measurement(model, weights, statistics, histogram) : null;
    this.#always = statistics.includes("directionality");
  }

  /** The epoch's steps with their observers. */
  stretches(epoch: MeasuredEpoch): Stretch[] {
    this.#rows = emptyMeasuredRows();
    this.#measurement?.reset();
    const whole: GradientObserver[] = [];
    if (epoch.analyses || this.#always) {
      this.#directionality ??= directionalityObserver(this.weights);
      this.#directionality.reset();
      whole.push(this.#directionality);
    }
    const cut = this.options
      ? measuredStretches(this.options, epoch.before, epoch.steps)
      : [{ first: 0, last: epoch.steps, measured: false }];
    return cut.map(({ first, last, measured }) => ({
      first,
      last,
      observers: measured ? [...whole, this.#measurement!] : whole,
      ...(measured ? { after: () => this.#collect(epoch.epoch, epoch.before + last) } : {}),
    }));
  }

  /** The rows of an epoch that is over. */
  async read({ epoch, before, steps, analyses }: MeasuredEpoch): Promise<MeasuredRows> {
    const directions = this.#directionality;
    if (!directions || !(analyses || this.#always)) return this.#rows;
    return { ...this.#rows, directionality: directions.rows(await directions.read(), { epoch, step: before + steps }) };
  }

  dispose(): void {
    this.#measurement?.dispose();
    this.#directionality?.dispose();
  }

  async #collect(epoch: number, step: number): Promise<void> {
    appendMeasured(this.#rows, this.#measurement!.rows(await this.#measurement!.read(), { epoch, step }));
    this.#measurement!.reset();
  }
}
