import { aFunction, checkModel, whole } from "../../options";
import { checkDataset, checkedSplit, checkSamples } from "../check-samples";
import { checkOptions } from "../../spec";
import { plainBatch } from "../../datasets/batches/evaluation-batch";
import { readSplit } from "../../datasets/streams/read-split";
import type { Part, Split, StreamedSplit, TrainingData } from "../../datasets";
import { applyNaming } from "../../models/name-failure";
import { compile } from "../../graph";
import { type LayersModel, type Scalar, type Tensor, type Tensor1D, tf } from "../../tensorflow";

/**
 * A model's outputs for all samples of a split, in the split's order, without augmentation.
 *
 * Off the event loop, a compiled step a batch. The caller disposes of the result.
 *
 * @param model any `tf.LayersModel`
 * @param dataset the data set, whose normalisation is applied
 * @param split one of the data set's splits
 * @param options.batchSize samples at a time. Default: 250
 * @param options.onProgress told the number of samples done
 * @returns `[size, ...outputShape]`; a list of such tensors for a model with several outputs
 * @throws {TypeError} if the data set has no such split
 *
 * @example
 * import * as ga from "gradamp";
 * const data = ga.embedded({ train: 20, validation: 10, test: 30 });
 * const logits = (await ga.predict(ga.vgg08({ classes: 10 }), data, data.test)) as ga.Tensor;
 * console.log(logits.shape); // [30, 10]
 */
export async function predict(
  model: LayersModel,
  dataset: TrainingData,
  split: Split | StreamedSplit | null,
  options: { batchSize?: number; onProgress?: (done: number) => void } = {},
): Promise<Tensor | Tensor[]> {
  checkOptions("predict", options, { batchSize: whole(1), onProgress: aFunction });
  checkModel(model);
  checkDataset(dataset);
  const { batchSize = 250, onProgress } = options;
  const own = checkedSplit(dataset, split);
  checkSamples(model, dataset);
  const step = (rows: number, { columns }: Part) =>
    compile((start: Tensor, ...tensors: Tensor[]) => {
      const positions = tf.add<Tensor1D>(tf.range(0, rows, 1, "int32"), start as Scalar);
      const { inputs } = plainBatch(dataset, columns(tensors), positions);
      const given = inputs.length === 1 ? inputs[0]! : inputs;
      const outputs = applyNaming(model, () => model.apply(given, { training: false }));
      return [outputs].flat() as Tensor[];
    });
  const steps = new Map<number, ReturnType<typeof step>>();
  const batches: Tensor[][] = [];
  const reader = readSplit(own, { batchSize, classes: dataset.classes, epoch: null });
  let done = 0;
  const predictPart = async (part: Part) => {
    for (let start = 0; start < part.size; start += batchSize) {
      const rows = Math.min(batchSize, part.size - start);
      const compiled = steps.get(rows) ?? step(rows, part);
      steps.set(rows, compiled);
      const at = tf.scalar(start, "int32");
      batches.push(await compiled.async(at, ...part.tensors));
      at.dispose();
      onProgress?.((done += rows));
    }
  };
  try {
    for (let part = await reader.next(); part; part = await reader.next())
      await predictPart(part).finally(part.dispose);
    const outputs = model.outputs.map((_, output) => tf.concat(batches.map((batch) => batch[output]!)));
    return outputs.length === 1 ? outputs[0]! : outputs;
  } finally {
    tf.dispose(batches);
    reader.close();
    for (const compiled of steps.values()) compiled.dispose();
  }
}
