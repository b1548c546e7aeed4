import type { DashboardEvent } from "../../src/live/dashboard-event";
import type { RunFacts } from "../../src/live/dashboard-state";

export const facts: RunFacts = {
  name: "long",
  model: "resnet101",
  parameters: 42_520_000,
  dataset: "cifar-100",
  options: {
    epochs: 150,
    stages: {
      stages: [
        { end: 50, learningRate: 0.1, ampRatio: 0, ampFactor: 1 },
        { end: 150, learningRate: 0.01, ampRatio: 1, ampFactor: 2 },
      ],
      group: null,
      intelligent: { directionality: "G", sides: "one", threshold: 1.5 },
    },
  },
};

/** The events of a made-up run, epoch after epoch: a few steps, a selection at epoch 51, gradients of every layer. */
export function* longRun({ epochs = 150, layers = 209, steps = 4 } = {}): Generator<DashboardEvent> {
  const names = Array.from({ length: layers }, (_, at) => `stage_${at % 4}_block_${at}_conv`);
  const wave = (at: number, epoch: number) => 10 ** (-3 - 2 * Math.sin(at / 17) - Math.cos(epoch / 11 + at));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    if (epoch === 51)
      yield {
        kind: "selection",
        rows: names.map((layer, index) => ({
          ...{
            epoch,
            stage: 1,
            index,
            layer,
            selected: index % 9 === 0,
            ampFactor: 2,
            by: "G" as const,
            ampRatio: null,
          },
          ...{
            analysed: 51,
            ratio: 0.1,
            normalized: index % 9 === 0 ? 1.7 : -0.2,
            threshold: 1.5,
            sides: "one" as const,
          },
        })),
      };
    for (let step = 1; step <= steps; step++)
      yield {
        kind: "progress",
        progress: {
          ...{ epoch, epochs, step, steps, seconds: epoch * 60 + step, imagesPerSecond: 1000 + (step * epoch) / 7 },
          ...{ etaSeconds: (epochs - epoch) * 60, loss: 3 / epoch, accuracy: epoch / 200, trainLoss: null },
        },
      };
    yield {
      kind: "epoch",
      row: {
        ...{ epoch, learningRate: 0.1, trainLoss: 3 / epoch, trainAccuracy: epoch / 200, validationLoss: 3.2 / epoch },
        ...{ validationAccuracy: epoch / 210, testLoss: null, testAccuracy: null, seconds: 60, imagesPerSecond: 1000 },
        amplifiedLayers: epoch > 51 ? 24 : 0,
      },
      gradients: names.map((layer, index) => ({
        ...{ epoch, step: epoch * steps, index, layer, weight: "kernel", size: 9, meanAbs: wave(index, epoch) },
      })),
    };
  }
  yield { kind: "end", status: "finished" };
}
