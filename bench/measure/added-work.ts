import { amplify } from "../../src/amplification";
import { type MeasureOptions, resolveMeasure, weightTensors } from "../../src/gradients";
import { optimise } from "../../src/graph/passes/optimise";
import { RunMeasurement } from "../../src/training/rows/run-measurement";
import { buildModel, buildOptimizer } from "../support/build-network";
import { lookAtTrainingGraph } from "../support/training-graph";
import type { NetworkDescription } from "./describe-network";
import { type StepWork, stepWork } from "./step-work";
import type { Task } from "./task";

/** What may cost something within a step. */
export type FeatureSettings = Partial<Pick<Task, "amplify" | "measure">>;

/**
 * What a feature adds to the work of an epoch's steps, as a fraction of the work without, counted from the graphs of
 * the steps as they are run: each with the measurements that the schedule puts in. What an epoch does beside its
 * steps, as reading what was measured, is not counted.
 *
 * @throws {Error} where steps do not become graphs
 */
export function addedWork(
  network: NetworkDescription,
  steps: number,
  on: FeatureSettings,
  off: FeatureSettings = {},
): StepWork {
  const [own, without] = [on, off].map((settings) => epochWork(network, steps, settings)) as [StepWork, StepWork];
  return { bytes: own.bytes / without.bytes - 1, flops: own.flops / without.flops - 1 };
}

function epochWork(network: NetworkDescription, steps: number, settings: FeatureSettings): StepWork {
  const { amplify: amplified, measure } = settings;
  const { batch } = network;
  const model = buildModel(network);
  const amplification = amplified && amplify(model, amplified);
  const measured = measure as MeasureOptions | null | undefined;
  const measurement = new RunMeasurement(model, weightTensors(model), resolveMeasure(measured ?? null));
  const optimizer = buildOptimizer(network);
  try {
    const epoch = { epoch: 1, before: 0, analyses: false };
    measurement.begin(epoch);
    const total = { bytes: 0, flops: 0 };
    for (const { first, last, measurements } of measurement.stepRanges(epoch, {
      first: 0,
      last: steps,
      isLast: true,
    })) {
      const { bytes, flops } = lookAtTrainingGraph(
        model,
        (traced) => optimise(traced, "float32"),
        ({ graph }) => stepWork(graph),
        { batch, optimizer, measurements },
      );
      total.bytes += (last - first) * bytes;
      total.flops += (last - first) * flops;
    }
    return total;
  } finally {
    amplification?.remove();
    measurement.dispose();
    model.dispose();
  }
}
