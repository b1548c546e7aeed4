export { modelByName, modelNames, type ModelOptions } from "./model-by-name";
export { modelByModule } from "./own/model-by-module";
export { networkLayers } from "./network-layers";
export { resnet101 } from "./resnet101";
export { resnet18 } from "./resnet18";
export { resnet34 } from "./resnet34";
export { resnet50 } from "./resnet50";
export { trainableParameters } from "./trainable-parameters";
export { vgg08 } from "./vgg08";
export { vgg19 } from "./vgg19";
export { vgg38 } from "./vgg38";
export type {
  ActivationName,
  ConstantWidthVggOptions,
  ImageClassifierOptions,
  InitializerName,
  ModelName,
} from "../spec";
