import type { TrainingData } from "../../datasets";
import { outputNames } from "../../models/output-names";
import { nearest, show } from "../../options";
import { filledLoss, type FilledMetric, isOfClasses, type LossGiven, metricEnding } from "../../spec";
import type { LayersModel, Tensor } from "../../tensorflow";
import { lossesOf } from "../losses/losses-of-outputs";
import { modelEnding } from "../model-ending";
import { accuracy, type Answer, auc, overClasses, topK } from "./class-metrics";
import type { Metric, OutputMetric } from "./metric";
import { errorOf } from "./number-metrics";
import { ownMetric } from "./own-metric";

/** What metrics are resolved for. */
interface Measured {
  readonly model: LayersModel;
  readonly dataset: TrainingData;
  readonly loss: LossGiven;
}

/**
 * Metrics for a model and its data.
 *
 * @throws {TypeError | RangeError} if one has no meaning there; thrown before any work
 */
export function resolveMetrics(of: Measured, list: readonly FilledMetric[]): Metric[] {
  return list.map((metric) => {
    const ending = metricEnding(metric);
    if ("of" in metric) return { ending, ...ownMetric(metric) };
    const output = outputOf(of.model, metric);
    const { size, sums, value } = onOutput(of, metric, output);
    const at = (given: Tensor | Tensor[]) => [given].flat()[output]!;
    return { ending, size, value, sums: (prediction, target, weights) => sums(at(prediction), at(target), weights) };
  });
}

type Named = Exclude<FilledMetric, { of: unknown }>;

function outputOf(model: LayersModel, { name, output }: Named): number {
  if (output === null) return 0;
  const known = outputNames(model);
  if (known.includes(output)) return known.indexOf(output);
  const near = nearest(output, known);
  throw new RangeError(
    `Expected metric ${name} of an output of ${model.name} (${known.join(", ")}) but found ${show(output)}` +
      (near === null ? "" : `: did you mean ${near}?`),
  );
}

function onOutput(of: Measured, metric: Named, output: number): OutputMetric {
  if (metric.name === "mse" || metric.name === "rmse" || metric.name === "mae") {
    checkNumbers(of, metric, output);
    return errorOf(metric.name);
  }
  const answer = answerOf(of, metric, output);
  switch (metric.name) {
    case "accuracy":
      return accuracy(answer, metric.threshold);
    case "topK":
      if (answer.kind === "labels")
        throw new TypeError(
          `Expected metric topK of an output that chooses among classes but output ${outputNames(of.model)[output]} says of each label whether it holds`,
        );
      if (metric.k > answer.size)
        throw new RangeError(`Expected metric topK of at most ${answer.size} classes but found k ${metric.k}`);
      return topK(metric.k);
    case "auc":
      return auc(answer);
    default:
      return overClasses(metric.name, answer, metric);
  }
}

/** The shape of an output's targets, and whether they are whole numbers of classes. */
function targetOf({ model, dataset }: Measured, output: number) {
  const { targets, moreTargets } = dataset.train;
  const { sampleShape } = output === 0 ? targets : moreTargets[output - 1]!;
  const shape = model.outputs[output]!.shape.slice(1) as number[];
  return { shape, sampleShape, isLabel: sampleShape.length < Math.max(1, shape.length) };
}

/** How an output says what holds. */
function answerOf(of: Measured, { name }: Named, output: number): Answer {
  const { model, loss } = of;
  const losses = lossesOf(model, loss);
  const own = typeof losses === "function" ? null : (losses[output] ?? null);
  const known = own === null || typeof own === "function" ? null : filledLoss(own)!.name;
  const { kind: ending } = modelEnding(model, output);
  const isLogits = ending === "logits" || ending === "unknown";
  const { shape, isLabel } = targetOf(of, output);
  const size = shape.at(-1) ?? 1;
  if (known === "binaryCrossEntropy" || size === 1) {
    if (known !== null && known !== "binaryCrossEntropy" && isNumbers(known)) refuseNumbers(of, name, output, known);
    return { kind: "labels", size, isLogits };
  }
  if (known !== null && isNumbers(known) && !isLabel && ending !== "softmax") refuseNumbers(of, name, output, known);
  // Outputs between 0 and 1 that each are for themselves, under a loss of one's own.
  if (!isLabel && ending === "probabilities" && !(own !== null && isOfClasses(own)))
    return { kind: "labels", size, isLogits: false };
  return { kind: "classes", size, isLogits };
}

const isNumbers = (loss: string) => loss === "mse" || loss === "mae" || loss === "huber";

function refuseNumbers({ model }: Measured, metric: string, output: number, loss: string): never {
  throw new TypeError(
    `Expected metric ${metric} of an output that is trained on classes but output ${outputNames(model)[output]} of ${model.name} is ` +
      `trained with "${loss}" on numbers: take mse, rmse or mae`,
  );
}

/** @throws {TypeError} if an output's targets are whole numbers of classes */
function checkNumbers(of: Measured, { name }: Named, output: number): void {
  const { isLabel, shape } = targetOf(of, output);
  if (isLabel && (shape.at(-1) ?? 1) > 1)
    throw new TypeError(
      `Expected metric ${name} of targets that are numbers but output ${outputNames(of.model)[output]} of ${of.model.name} is compared with ` +
        "classes: take accuracy, topK, precision, recall, f1 or auc",
    );
}
