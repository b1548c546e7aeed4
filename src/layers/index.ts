export { batchNormalization, type BatchNormalizationOptions, isTorchBatchNormalization } from "./batch-normalization";
export { deriveSeed } from "./derive-seed";
export { stochasticDepth, type StochasticDepthOptions } from "./stochastic-depth";
export { sparseSoftmaxCrossEntropy } from "./sparse-softmax-cross-entropy";
export { torchUniform, type TorchUniformOptions } from "./torch-uniform";
export { groupNormalization, type GroupNormalizationOptions } from "./group-normalization";
export { deltaOrthogonal, orthogonal, type OrthogonalOptions } from "./orthogonal";
