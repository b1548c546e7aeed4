import { setImmediate } from "node:timers/promises";
import { trainingBatch } from "../datasets";
import { measureGradients } from "../gradients";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf } from "../tensorflow";
import type { Engine, EpochJob, EpochOutcome } from "./engine";
import { trainingStep } from "./training-step";

/** Sums that grow on the device over an epoch and are read once at its end. */
class Totals {
  #sums: Tensor1D = tf.keep(tf.zeros([2]));
  #measured: Tensor | null = null;

  /** Adds a batch's mean loss, weighted with its size, and its rightly classified samples. */
  add(loss: Scalar, correct: Scalar, size: number): void {
    const next = tf.keep(tf.add(this.#sums, tf.stack([tf.mul(loss, size), correct])) as Tensor1D);
    this.#sums.dispose();
    this.#sums = next;
  }

  addMeasured(measured: Tensor): void {
    const next = tf.keep(this.#measured ? tf.add(this.#measured, measured) : measured.clone());
    this.#measured?.dispose();
    this.#measured = next;
  }

  async read(measuredSteps: number): Promise<{ loss: number; correct: number; measured: Float32Array | null }> {
    const [loss = 0, correct = 0] = await this.#sums.data();
    const measured = this.#measured ? (await this.#measured.data<"float32">()).map((sum) => sum / measuredSteps) : null;
    this.dispose();
    return { loss, correct, measured };
  }

  dispose(): void {
    tf.dispose([this.#sums, ...(this.#measured ? [this.#measured] : [])]);
  }
}

/** Trains step by step from JavaScript; between steps the event loop turns, so that interrupts are heard. */
export const eagerEngine: Engine = {
  name: "eager",
  async trainEpoch(job: EpochJob): Promise<EpochOutcome> {
    const { context, dataset, batchSize, measure } = job;
    const size = dataset.train.size;
    const steps = Math.ceil(size / batchSize);
    const plan = tf.tensor2d(job.plan, [size, 4], "int32");
    const learningRate = tf.scalar(job.learningRate);
    const totals = new Totals();
    let done = 0;
    try {
      while (done < steps && !job.shouldStop()) {
        const start = done * batchSize;
        const end = Math.min(size, start + batchSize);
        const measureNow = measure !== null && (measure.reduce === "epoch-mean" || done === steps - 1);
        tf.tidy(() => {
          const positions = tf.range(start, end, 1, "int32");
          const { inputs, targets } = trainingBatch(dataset, plan as Tensor2D, positions);
          const result = trainingStep(
            context,
            inputs,
            targets,
            { learningRate, step: tf.scalar(job.optimizerSteps + done + 1) },
            measureNow ? (gradients, weights) => measureGradients(measure.columns, gradients, weights) : null,
          );
          totals.add(result.loss, result.correct, end - start);
          if (result.measured) totals.addMeasured(result.measured);
          result.correct.dispose();
        });
        done++;
        job.onStep(done);
        await setImmediate();
      }
      const samples = Math.min(size, done * batchSize);
      const { loss, correct, measured } = await totals.read(measure?.reduce === "epoch-mean" ? done : 1);
      return { steps: done, samples, loss: loss / Math.max(1, samples), correct, measured };
    } catch (error) {
      totals.dispose();
      throw error;
    } finally {
      tf.dispose([plan, learningRate]);
    }
  },
};
