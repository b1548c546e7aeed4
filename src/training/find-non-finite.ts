import { nonFiniteMeasurement, type WeightTensor } from "../gradients";
import type { StreamedSplit } from "../datasets";
import type { NonFinite } from "../rows";
import type { Run } from "./run";
import type { StateTensors } from "./program/state-tensors";
import type { EpochJob, EpochOutcome, TrainingProgram } from "./program/training-program";

/**
 * Finds the step and the layer at which gradients were first not finite, by running an epoch once more from its
 * beginning while all gradients are looked at. So that an ordinary epoch costs nothing for it.
 *
 * @param job the epoch, whose beginning state the model has again
 */
async function findNonFinite(
  program: TrainingProgram,
  job: EpochJob,
  weights: readonly WeightTensor[],
  epoch: number,
): Promise<NonFinite> {
  const measurement = nonFiniteMeasurement(weights.length);
  try {
    await program.trainEpoch({
      ...job,
      onStep: () => {},
      onSteps: () => {},
      stepRanges: ({ first, last }) => [{ first, last, measurements: [measurement] }],
    });
    const first = await measurement.read();
    const seen = [...first].filter((step) => step > 0);
    const step = Math.min(...seen);
    const indices = weights.map((_, index) => index).filter((index) => first[index] === step);
    const nearest = seen.length > 0 ? weights[indices.at(-1)!]! : null;
    return {
      epoch,
      step: nearest && job.steps + step,
      layer: nearest?.layer ?? null,
      weight: nearest?.weight ?? null,
      affected: nearest ? indices.length : 0,
      tensors: weights.length,
    };
  } finally {
    measurement.dispose();
  }
}

/** Says once in a run where its numbers stopped being finite; the model is afterwards as it was before. */
export async function explainNonFinite(
  run: Run,
  at: {
    program: TrainingProgram;
    job: EpochJob;
    weights: readonly WeightTensor[];
    state: StateTensors;
    before: { restore(): void };
    epoch: number;
    outcome: EpochOutcome;
    /** Whether the epoch's samples can be read again; only then is it run once more. */
    repeats: StreamedSplit["repeats"];
  },
): Promise<void> {
  if (run.nonFinite) return;
  const { epoch, outcome } = at;
  if (at.repeats !== "alike") {
    run.nonFinite = { epoch, step: null, layer: null, weight: null, affected: 0, tensors: at.weights.length };
    run.warn(
      `The training loss of epoch ${epoch} is ${outcome.loss}: at which step and layer that began is not known, since its ` +
        "data cannot be read again in the same order",
    );
    return;
  }
  const end = at.state.copy();
  try {
    at.before.restore();
    run.nonFinite = await findNonFinite(at.program, at.job, at.weights, epoch);
  } finally {
    end.restore();
    end.dispose();
  }
  const { step, layer, weight, affected, tensors } = run.nonFinite;
  const where =
    step === null
      ? "every gradient was finite, so that the loss or the update itself left the range of float32"
      : `the first gradient that is not finite was seen at step ${step} in layer ${layer} (${weight}; at that step in ` +
        `${affected} of ${tensors} weight tensors)`;
  run.warn(`The training loss of epoch ${epoch} is ${outcome.loss}: ${where}`);
}
