import { embedded, type PartReader } from "../../src/datasets";
import { readSplit } from "../../src/datasets/streams/read-split";
import type { EngineName, Precision } from "../../src/graph";
import { type ModelName, modelByName } from "../../src/models";
import { adam, sgd } from "../../src/training";
import { TrainingProgram } from "../../src/training/program/training-program";
import { stepContext } from "./step-context";

/** What is trained, and how. */
export interface NetworkProgramOptions {
  readonly network: ModelName;
  readonly batch: number;
  readonly engine?: EngineName;
  readonly precision?: Precision;
  readonly optimizer?: keyof typeof OPTIMIZERS;
}

export const OPTIMIZERS = { adam, sgd };

/** The papers' batch sizes. */
export const paperBatch = (network: ModelName) => (/^vgg(08|38)/.test(network) ? 100 : 128);

/** A network in training on the embedded images, cropped and mirrored, as `train()` has it. */
export class NetworkProgram {
  readonly #program: TrainingProgram;
  readonly #read: () => PartReader;
  readonly #steps: number;

  constructor(options: NetworkProgramOptions) {
    const { network, batch, engine = "graph", precision = "float32", optimizer = "sgd" } = options;
    const data = embedded({ train: 10 * batch, validation: 0, test: 0 });
    const model = modelByName(network, { classes: data.classes ?? 10 });
    const context = stepContext(model, OPTIMIZERS[optimizer]());
    this.#program = new TrainingProgram(context, data, batch, { engine, precision, seed: 1 });
    const epoch = { seed: 1, epoch: 1, augmentation: data.augmentation };
    this.#read = () => readSplit(data.train, { batchSize: batch, classes: data.classes, epoch });
    this.#steps = data.train.size / batch;
  }

  /** Does a number of steps, up to 10; the first call compiles. */
  async run(steps: number): Promise<void> {
    if (steps > this.#steps) throw new RangeError(`Expected at most ${this.#steps} steps but found ${steps}`);
    await this.#program.trainEpoch({
      read: this.#read,
      learningRates: (first, last) => new Float64Array(last - first).fill(1e-3),
      optimizerSteps: 0,
      steps: 0,
      stepRanges: () => [{ first: 0, last: steps, measurements: [] }],
      onStep() {},
      shouldStop: () => false,
    });
  }
}
