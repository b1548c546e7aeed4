/**
 * Networks: the papers' own, each a plain `tf.LayersModel`, and what helps to build and look at others.
 *
 * @module models
 */
export {
  batchNormalization,
  type BatchNormalizationOptions,
  deltaOrthogonal,
  groupNormalization,
  type GroupNormalizationOptions,
  orthogonal,
  type OrthogonalOptions,
  stochasticDepth,
  type StochasticDepthOptions,
  torchUniform,
  type TorchUniformOptions,
} from "../layers";
export {
  type ConstantWidthVggOptions,
  type ImageClassifierOptions,
  modelByModule,
  modelByName,
  type ModelName,
  modelNames,
  networkLayers,
  resnet101,
  resnet18,
  resnet34,
  resnet50,
  trainableParameters,
  vgg08,
  vgg19,
  vgg38,
} from "../models";
