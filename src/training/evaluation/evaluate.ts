import { aFunction, checkModel, whole } from "../../options";
import type { Split, StreamedSplit, TrainingData } from "../../datasets";
import type { LayersModel } from "../../tensorflow";
import { type Evaluation, EvaluationProgram } from "./evaluation-program";
import { checkDataset, checkedSplit, checkSamples } from "../check-samples";
import { checkOptions, type LossGiven, type Metric, metrics, TRAINING } from "../../spec";
import { resolveMetrics } from "../metrics/resolve-metrics";
import { classesOf } from "../classes-of";
import { lossFunction, type LossSettings, lossWarning } from "../loss";

/**
 * Loss, accuracy and metrics of a model on a split, without augmentation; every sample counts once, the last smaller batch too.
 *
 * @param model any `tf.LayersModel`
 * @param dataset the data set, whose normalisation is applied
 * @param split one of the data set's splits
 * @param options.batchSize samples at a time. Default: 250
 * @param options.loss as in training. Default: cross-entropy
 * @param options.lossWeights of several outputs, as in training. Default: all alike
 * @param options.metrics as in training, of this split. Default: none
 * @param options.shouldStop asked between batches; true ends it early. Default: never asked
 * @throws {TypeError} if the data set has no such split, or an option is unknown
 * @throws {Error} if the data set was disposed of
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 100, validation: 50, test: 50 });
 * const model = ga.vgg08({ classes: 10 });
 * console.log(await ga.evaluate(model, data, data.test));
 */
export async function evaluate(
  model: LayersModel,
  dataset: TrainingData,
  split: Split | StreamedSplit | null,
  options: {
    batchSize?: number;
    loss?: LossGiven;
    lossWeights?: LossSettings["lossWeights"];
    metrics?: readonly Metric[] | Metric;
    shouldStop?: () => boolean;
  } = {},
): Promise<Evaluation> {
  checkOptions("evaluate", options, {
    batchSize: whole(1),
    loss: TRAINING.loss.kind,
    lossWeights: TRAINING.lossWeights.kind,
    metrics: TRAINING.metrics.kind,
    shouldStop: aFunction,
  });
  checkModel(model);
  checkDataset(dataset);
  const { batchSize = 250, loss = "crossEntropy", lossWeights = null, metrics: asked = [], shouldStop } = options;
  const own = checkedSplit(dataset, split);
  checkSamples(model, dataset);
  warnOnce(model, loss);
  const program = new EvaluationProgram(
    model,
    dataset,
    own,
    lossFunction(model, loss, { lossWeights, classes: dataset.classes }),
    {
      batchSize,
      classes: classesOf({ model, dataset, options: { loss } }),
      metrics: resolveMetrics({ model, dataset, loss }, metrics.read(asked, "metrics")),
    },
  );
  try {
    return await program.run(shouldStop);
  } finally {
    program.dispose();
  }
}

const warned = new WeakSet<LayersModel>();

/** There is no run to tell of it. */
function warnOnce(model: LayersModel, loss: LossGiven): void {
  const warning = warned.has(model) ? null : lossWarning(model, loss);
  if (warning) process.emitWarning(warning);
  warned.add(model);
}
