import type { Part, Split, StreamedSplit, TrainingData } from "../../datasets";
import { plainBatch } from "../../datasets/batches/evaluation-batch";
import { readSplit } from "../../datasets/streams/read-split";
import { createLoop, type EngineName, type Loop } from "../../graph";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, tf } from "../../tensorflow";
import { applyNaming } from "../../models/name-failure";
import type { LossFunction } from "../loss";
import { soughtIn } from "../sought-in";
import { untilStopped } from "../until-stopped";

/** How well a model does on a split. */
export interface Evaluation {
  /** Mean over the samples. */
  readonly loss: number;
  /** Fraction of rightly classified samples, from 0 to 1; null where targets are no classes. */
  readonly accuracy: number | null;
}

/** Evaluates a model on a split as often as it is asked to; every sample counts once, the last smaller batch too. */
export class EvaluationProgram {
  readonly #loops = new Map<number, Loop>();
  /** Σ loss × samples and Σ rightly classified samples. */
  readonly #totals = tf.tidy(() => tf.variable(tf.zeros([2]) as Tensor1D, false));
  #classified = true;

  constructor(
    readonly model: LayersModel,
    readonly dataset: TrainingData,
    readonly split: Split | StreamedSplit,
    readonly lossFunction: LossFunction,
    readonly options: {
      readonly batchSize: number;
      readonly engine?: EngineName;
      /** Labels are below this, which streamed ones are held to; null for no labels. */
      readonly classes: number | null;
    },
  ) {}

  /** Scores of the model as it is now; of the part seen where it was stopped. */
  async run(shouldStop: () => boolean = () => false): Promise<Evaluation> {
    const { batchSize, classes } = this.options;
    tf.tidy(() => this.#totals.assign(tf.zeros([2])));
    const reader = readSplit(this.split, { batchSize, classes, epoch: null });
    let seen = 0;
    try {
      for (;;) {
        const part = await untilStopped(reader.next(), shouldStop);
        if (!part) break;
        try {
          const done = await this.#runPart(part, shouldStop);
          seen += done;
          if (done < part.size) break;
        } finally {
          part.dispose();
        }
      }
    } finally {
      reader.close();
    }
    const [loss = 0, correct = 0] = await this.#totals.data();
    return { loss: loss / seen, accuracy: this.#classified ? correct / seen : null };
  }

  dispose(): void {
    for (const loop of this.#loops.values()) loop.dispose();
    this.#totals.dispose();
  }

  /** @returns how many of its samples were seen */
  async #runPart(part: Part, shouldStop: () => boolean): Promise<number> {
    const { size, tensors: inputs } = part;
    const { batchSize } = this.options;
    const whole = Math.floor(size / batchSize);
    let steps = 0;
    if (whole > 0) steps = await this.#loop(batchSize, part).run({ first: 0, last: whole, inputs, shouldStop });
    const rest = size - whole * batchSize;
    if (rest > 0 && steps === whole)
      steps += await this.#loop(rest, part).run({ first: whole, last: whole + 1, inputs, shouldStop });
    return Math.min(size, steps * batchSize);
  }

  #loop(rows: number, { columns }: Part): Loop {
    const known = this.#loops.get(rows);
    if (known) return known;
    const { batchSize, engine } = this.options;
    const step = (index: Scalar, ...tensors: Tensor[]) => {
      const { model, dataset, lossFunction } = this;
      const start = tf.mul(index, tf.scalar(batchSize, "int32"));
      const positions = tf.add<Tensor1D>(tf.range(0, rows, 1, "int32"), start);
      const batch = plainBatch(dataset, columns(tensors), positions);
      const { inputs } = batch;
      const given = inputs.length === 1 ? inputs[0]! : inputs;
      const prediction = applyNaming(model, () => model.apply(given, { training: false }));
      const { loss, correct } = lossFunction(prediction as Tensor | Tensor[], soughtIn(batch), batch.weights);
      this.#classified = correct !== null;
      this.#totals.assign(tf.add(this.#totals, tf.stack([tf.mul(loss, rows), correct ?? tf.scalar(0)])));
    };
    const loop = createLoop(step, { ...(engine ? { engine } : {}), name: "evaluate" });
    this.#loops.set(rows, loop);
    return loop;
  }
}
