import { type Dataset, evaluationBatch, type Split } from "../../datasets";
import { createLoop, type EngineName, type Loop } from "../../graph";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, tf } from "../../tensorflow";
import type { LossFunction } from "../loss";

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
    readonly dataset: Dataset,
    readonly split: Split,
    readonly lossFunction: LossFunction,
    readonly options: { readonly batchSize: number; readonly engine?: EngineName },
  ) {}

  /** Scores of the model as it is now; of the part seen where it was stopped. */
  async run(shouldStop: () => boolean = () => false): Promise<Evaluation> {
    const { split } = this;
    const { batchSize } = this.options;
    tf.tidy(() => this.#totals.assign(tf.zeros([2])));
    const whole = Math.floor(split.size / batchSize);
    let steps = await this.#loop(batchSize).run({ first: 0, last: whole, inputs: [], shouldStop });
    const rest = split.size - whole * batchSize;
    if (rest > 0 && steps === whole) {
      steps += await this.#loop(rest).run({ first: whole, last: whole + 1, inputs: [], shouldStop });
    }
    const seen = Math.min(split.size, steps * batchSize);
    const [loss = 0, correct = 0] = await this.#totals.data();
    return { loss: loss / seen, accuracy: this.#classified ? correct / seen : null };
  }

  dispose(): void {
    for (const loop of this.#loops.values()) loop.dispose();
    this.#totals.dispose();
  }

  #loop(rows: number): Loop {
    const known = this.#loops.get(rows);
    if (known) return known;
    const { batchSize } = this.options;
    const step = (index: Scalar) => {
      const { model, dataset, split, lossFunction } = this;
      const start = tf.mul(index, tf.scalar(batchSize, "int32"));
      const { inputs, targets } = evaluationBatch(dataset, split, tf.add(tf.range(0, rows, 1, "int32"), start));
      const prediction = model.apply(inputs.length === 1 ? inputs[0]! : inputs, { training: false });
      const { loss, correct } = lossFunction(prediction as Tensor | Tensor[], targets);
      this.#classified = correct !== null;
      this.#totals.assign(tf.add(this.#totals, tf.stack([tf.mul(loss, rows), correct ?? tf.scalar(0)])));
    };
    const loop = createLoop(step, { ...this.options, name: "evaluate" });
    this.#loops.set(rows, loop);
    return loop;
  }
}
