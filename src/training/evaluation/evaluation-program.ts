import type { Part, Split, StreamedSplit, TrainingData } from "../../datasets";
import { plainBatch } from "../../datasets/batches/evaluation-batch";
import { readSplit } from "../../datasets/streams/read-split";
import { createLoop, type EngineName, type Loop } from "../../graph";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, tf, type Variable } from "../../tensorflow";
import { applyNaming } from "../../models/name-failure";
import type { LossFunction } from "../loss";
import type { Metric } from "../metrics/metric";
import { soughtIn } from "../sought-in";
import { untilStopped } from "../until-stopped";

/** How well a model does on a split. */
export interface Evaluation {
  /** Mean over the samples. */
  readonly loss: number;
  /** Fraction of rightly classified samples, from 0 to 1; null where targets are no classes. */
  readonly accuracy: number | null;
  /** The metrics that were asked for, by what their columns end in: `{ F1: 0.8 }`. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Evaluates a model on a split as often as it is asked to; every sample counts once, the last smaller batch too. */
export class EvaluationProgram {
  readonly #loops = new Map<number, Loop>();
  /** Σ loss × samples and Σ rightly classified samples. */
  readonly #totals = tf.tidy(() => tf.variable(tf.zeros([2]) as Tensor1D, false));
  #classified = true;
  readonly #sums: readonly Variable[];

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
      readonly metrics?: readonly Metric[];
    },
  ) {
    this.#sums = tf.tidy(() => (options.metrics ?? []).map(({ size }) => tf.variable(tf.zeros([size]), false)));
  }

  /** Scores of the model as it is now; of the part seen where it was stopped. */
  async run(shouldStop: () => boolean = () => false): Promise<Evaluation> {
    const { batchSize, classes } = this.options;
    tf.tidy(() => [this.#totals, ...this.#sums].forEach((sums) => sums.assign(tf.zerosLike(sums))));
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
    const scores = { loss: loss / seen, accuracy: this.#classified ? correct / seen : null };
    const { metrics = [] } = this.options;
    if (metrics.length === 0) return scores;
    const values = await Promise.all(
      metrics.map(async ({ ending, value }, at) => [ending, value(await this.#sums[at]!.data<"float32">())] as const),
    );
    return { ...scores, metrics: Object.fromEntries(values) };
  }

  dispose(): void {
    for (const loop of this.#loops.values()) loop.dispose();
    tf.dispose([this.#totals, ...this.#sums]);
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
      const sought = soughtIn(batch);
      const { loss, correct } = lossFunction(prediction as Tensor | Tensor[], sought, batch.weights);
      this.options.metrics?.forEach(({ sums }, at) => {
        const own = this.#sums[at]!;
        own.assign(tf.add(own, sums(prediction as Tensor | Tensor[], sought, batch.weights)));
      });
      this.#classified = correct !== null;
      this.#totals.assign(tf.add(this.#totals, tf.stack([tf.mul(loss, rows), correct ?? tf.scalar(0)])));
    };
    const loop = createLoop(step, { ...(engine ? { engine } : {}), name: "evaluate" });
    this.#loops.set(rows, loop);
    return loop;
  }
}
