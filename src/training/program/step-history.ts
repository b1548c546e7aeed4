import { type Scalar, type Tensor, type Tensor2D, tf } from "../../tensorflow";

/** What one step showed. */
export interface StepSeen {
  /** Mean over the batch, before the update and without penalties. */
  readonly loss: number;
  /** Norm of all gradients together, before they are clipped. */
  readonly gradientNorm: number;
  /** Rightly classified samples. */
  readonly correct: number;
  /** Samples. */
  readonly samples: number;
}

/** Steps that can be done before they have to be read. */
export const HISTORY_STEPS = 256;

/** What the latest steps showed, kept on the device by the steps themselves: the last row is the last step's. */
export class StepHistory {
  readonly #rows = tf.tidy(() => tf.variable(tf.zeros([HISTORY_STEPS, 4]) as Tensor2D, false));

  /** Puts a step behind the others; only tensor operations. */
  append(step: { loss: Scalar; gradientNorm: Scalar; correct: Scalar; samples: number }): void {
    const own = tf.stack([step.loss, step.gradientNorm, step.correct, tf.scalar(step.samples)]) as Tensor;
    const rest = tf.slice(this.#rows, [1, 0], [HISTORY_STEPS - 1, 4]);
    this.#rows.assign(tf.concat([rest, tf.expandDims(own, 0)]) as Tensor2D);
  }

  /** The last steps, of which at most {@link HISTORY_STEPS} are known. */
  async read(count: number): Promise<StepSeen[]> {
    const last = tf.slice(this.#rows, [HISTORY_STEPS - count, 0], [count, 4]);
    try {
      const values = await last.data<"float32">();
      return Array.from({ length: count }, (_, at) => {
        const [loss = 0, gradientNorm = 0, correct = 0, samples = 0] = values.subarray(4 * at, 4 * at + 4);
        return { loss, gradientNorm, correct, samples };
      });
    } finally {
      last.dispose();
    }
  }

  dispose(): void {
    this.#rows.dispose();
  }
}
