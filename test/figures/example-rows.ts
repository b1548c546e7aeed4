import type { EpochRow, GradientRow, RunRecord, StepRow } from "../../src/rows";

/** Layers of the VGG networks in forward order, with the weights of each. */
export function vggLayers(blocks: number, batchNorm: boolean): { layer: string; weights: string[] }[] {
  const layers: { layer: string; weights: string[] }[] = [];
  const conv = (layer: string, bias: boolean, norm: boolean) => {
    layers.push({ layer, weights: bias ? ["kernel", "bias"] : ["kernel"] });
    if (norm) layers.push({ layer: layer.replace(/conv_(\d)$/, "bn_$1"), weights: ["gamma", "beta"] });
  };
  conv("input_conv_conv_0", false, true);
  for (let stage = 0; stage < 3; stage++) {
    for (let block = 0; block < blocks; block++)
      for (const at of [0, 1]) conv(`block_${stage}_${block}_conv_${at}`, true, batchNorm);
    for (const at of [0, 1]) conv(`reduction_block_${stage}_conv_${at}`, true, batchNorm);
  }
  layers.push({ layer: "weight_logit_linear_layer", weights: ["kernel", "bias"] });
  return layers;
}

/** Gradient rows whose mean rises by `decades` powers of ten from input to head and falls slowly with the epochs. */
export function exampleGradients(
  layers: readonly { layer: string; weights: string[] }[],
  epochs: number,
  decades: number,
): GradientRow[] {
  const flat = layers.flatMap(({ layer, weights }) => weights.map((weight) => ({ layer, weight })));
  return Array.from({ length: epochs }, (_, at) => at + 1).flatMap((epoch) =>
    flat.map(({ layer, weight }, index) => {
      const depth = index / (flat.length - 1);
      const wave = 0.3 * Math.sin(0.9 * index + 0.35 * epoch);
      const meanAbs = 10 ** (-3 - decades * (1 - depth) + wave - (0.8 * epoch) / epochs);
      return { epoch, step: epoch * 475, index, layer, weight, size: 9216, meanAbs, maxAbs: meanAbs * (8 + 4 * depth) };
    }),
  );
}

/** Epoch rows of a run that learns, from chance to `best`. */
export function exampleEpochs(epochs: number, best: number, learningRate = 1e-3): EpochRow[] {
  return Array.from({ length: epochs }, (_, at) => {
    const share = 1 - Math.exp((-3.5 * (at + 1)) / epochs);
    const trainAccuracy = 0.01 + (best - 0.01) * share + (best > 0.02 ? 0.02 * share : 0);
    const validationAccuracy =
      0.01 + (best - 0.01) * share * 0.93 + (best > 0.02 ? 0.012 * Math.sin(at * 1.7) * share : 0);
    return {
      epoch: at + 1,
      learningRate,
      trainLoss: 4.605 * (1 - (best > 0.02 ? 1.2 * best : 0) * share),
      trainAccuracy,
      validationLoss: 4.605 * (1 - (best > 0.02 ? best : 0) * share) + (best > 0.02 ? 0.05 * Math.sin(at * 1.7) : 0),
      validationAccuracy,
      testLoss: null,
      testAccuracy: at === epochs - 1 ? validationAccuracy * 0.99 : null,
      seconds: 12,
      imagesPerSecond: 4000,
      amplifiedLayers: 0,
    };
  });
}

/** A run with both kinds of rows. */
export function exampleRun(
  name: string,
  options: { blocks: number; batchNorm: boolean; epochs: number; decades: number; best: number },
): RunRecord {
  return {
    name,
    model: name,
    parameters: 336196,
    dataset: "cifar-100",
    options: {},
    epochs: exampleEpochs(options.epochs, options.best),
    gradients: exampleGradients(vggLayers(options.blocks, options.batchNorm), options.epochs, options.decades),
  };
}

/** Rows of two hundred steps, with a scalar that a callback logs at every tenth. */
export function exampleSteps(shape: number): StepRow[] {
  return Array.from({ length: 200 }, (_, at) => {
    const wave = Math.sin(12.9 * at + 7.3 * shape + Math.sin(5 * at));
    const loss = 0.6 + 1.7 * Math.exp((-at * shape) / 60) + 0.15 * wave;
    const own = at % 10 === 0 ? { temperature: 1 + Math.exp(-at / 50) * shape } : {};
    return { epoch: 1 + Math.floor(at / 50), step: at + 1, loss, accuracy: null, learningRate: 1e-3, gradientNorm: (2 + wave) / (1 + (at * shape) / 40), ...own }; // prettier-ignore
  });
}
