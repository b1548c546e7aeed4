import type { EpochRow, RunRecord } from "../../../src/rows";
import { type StagePlan, stages } from "../../../src/amplification";
import { recordTraining, type SaveOptions } from "../../../src/runs";
import type { LayersModel } from "../../../src/tensorflow";
import { type Run, startTraining, type TrainOptions } from "../../../src/training";
import { tinyData, tinyModel } from "../../support/tiny";

/** A schedule in four epochs; the second amplified stage has layers of its own. */
export function plan(second = 0.4): StagePlan {
  return stages(
    [
      [1, 0.05, 0, 1],
      [2, 0.05, 0.5, 2],
      [4, 0.01, second, 2],
    ],
    { group: "bn" },
  );
}

export const data = tinyData({ train: 40, augmentation: { pad: 2, flip: true } });
/** Op by op, since tracing takes longer than so few steps; kill.test.ts runs whole steps as functions. */
export const options: TrainOptions = { stages: plan(), batchSize: 20, seed: 3, engine: "eager" };
export const newModel = () => tinyModel({ batchNorm: true, seed: 1 });

const known = new Map<TrainOptions, Promise<{ run: Run; weights: number[][] }>>();

/** The run that was never stopped, and its weights at the end. */
export function undisturbed(given: TrainOptions = options): Promise<{ run: Run; weights: number[][] }> {
  const found = known.get(given) ?? trainWhole(given);
  known.set(given, found);
  return found;
}

async function trainWhole(given: TrainOptions): Promise<{ run: Run; weights: number[][] }> {
  const model = newModel();
  const run = await startTraining(model, data, given).finished;
  const weights = weightsOf(model);
  model.dispose();
  return { run, weights };
}

/** A kept run, to its end. */
export async function keep(
  save: SaveOptions,
  given: TrainOptions = options,
): Promise<{ run: Run; weights: number[][]; notes: string[] }> {
  const model = newModel();
  const notes: string[] = [];
  try {
    const run = await recordTraining(model, data, given, { onNote: (text) => notes.push(text), ...save });
    await run.finished;
    return { run, weights: weightsOf(model), notes };
  } finally {
    model.dispose();
  }
}

export function weightsOf(model: LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

/** All rows of a run without the times that they took. */
export function numbers({ epochs, gradients, selections = [], directionality = [] }: RunRecord) {
  const untimed = ({ seconds: _, imagesPerSecond: __, ...row }: EpochRow) => row;
  return { epochs: epochs.map(untimed), gradients, selections, directionality };
}
