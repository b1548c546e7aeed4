import { lossFunction } from "../../src/training/loss";
import { weightTensors } from "../../src/gradients";
import { compile, type EngineName } from "../../src/graph";
import { type LayersModel, type Scalar, type Tensor, tf } from "../../src/tensorflow";
import { adam, type Optimizer, sgd } from "../../src/training";
import type { StepContext } from "../../src/training/program/step-context";
import { trainingStep } from "../../src/training/program/training-step";
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

/** Steps as the trainer does them, op by op or each as one function. */
export interface Steps {
  /** Does the `number`-th step of the optimizer, from 1; returns the loss before the update. */
  run(x: Tensor, y: Tensor, learningRate: number, number: number): number;
  dispose(): void;
}

export function stepsOn(engine: EngineName, context: StepContext): Steps {
  const step = (x: Tensor, y: Tensor, learningRate: Tensor, number: Tensor) => {
    const scalars = { learningRate: learningRate as Scalar, step: number as Scalar };
    const { loss, correct } = trainingStep(context, [x], y, scalars);
    correct.dispose();
    return loss;
  };
  const compiled = engine === "graph" ? compile(step) : null;
  const call = compiled ?? step;
  return {
    run: (x, y, learningRate, number) =>
      tf.tidy(() => call(x, y, tf.scalar(learningRate), tf.scalar(number)).dataSync()[0]!),
    dispose: () => compiled?.dispose(),
  };
}
