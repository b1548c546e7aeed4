import { lossFunction } from "../../src/training/loss";
import { weightTensors } from "../../src/gradients";
import { type LayersModel, type Tensor, tf } from "../../src/tensorflow";
import { adam, type Optimizer, sgd } from "../../src/training";
import type { StepContext } from "../../src/training/training-step";
import { trainingStep } from "../../src/training/training-step";
import type { OptimizerOptions } from "./pytorch-fixture";

/** gradamp's optimizer for the options that a fixture was made with. */
export function fixtureOptimizer(options: OptimizerOptions): Optimizer {
  if (options.kind === "adam") return adam({ learningRate: options.learningRate });
  const { learningRate, momentum, weightDecay } = options;
  return sgd({ learningRate, momentum, weightDecay });
}

/** What training steps on a model stand on, with a fresh optimizer. */
export function stepContext(model: LayersModel, options: OptimizerOptions): StepContext {
  const variables = weightTensors(model).map(({ variable }) => variable);
  return {
    model,
    lossFunction: lossFunction(model, "crossEntropy"),
    variables,
    optimizer: fixtureOptimizer(options).start(variables),
    clipNorm: options.clipNorm ?? null,
  };
}

/** One step as the trainer does it; returns the loss before the update. */
export function doStep(context: StepContext, x: Tensor, y: Tensor, learningRate: number, step: number): number {
  let loss = Number.NaN;
  tf.tidy(() => {
    const scalars = { learningRate: tf.scalar(learningRate), step: tf.scalar(step) };
    const result = trainingStep(context, [x], y, scalars);
    loss = result.loss.dataSync()[0]!;
    result.correct.dispose();
  });
  return loss;
}
