import { weightTensors } from "../../src/gradients";
import type { LayersModel } from "../../src/tensorflow";
import type { Optimizer } from "../../src/training";
import { lossFunction } from "../../src/training/loss";
import type { StepContext } from "../../src/training/program/step-context";

/** What a step of training stands on: all weights, classes by cross-entropy, gradients as they come. */
export function stepContext(model: LayersModel, optimizer: Optimizer): StepContext {
  const variables = weightTensors(model).map(({ variable }) => variable);
  return {
    ...{ model, variables, clipNorm: null },
    lossFunction: lossFunction(model, "crossEntropy"),
    optimizer: optimizer.start(variables),
  };
}
