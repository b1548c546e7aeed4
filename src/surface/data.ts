/**
 * Data sets: CIFAR, generated images that need no download, tensors and arrays of your own, folders of pictures.
 *
 * @module data
 */
export {
  type Augmentation,
  cifar10,
  cifar100,
  type Cifar100Options,
  type CifarOptions,
  dataByModule,
  dataFolder,
  dataset,
  type Dataset,
  type DatasetOptions,
  downloadDataset,
  embedded,
  type EmbeddedOptions,
  epochPlan,
  evaluationBatch,
  exportEmbedded,
  imageFolder,
  type ImageFolderOptions,
  type Normalisation,
  type BatchStream,
  type Split,
  stream,
  type StreamedDataset,
  type StreamedSplit,
  type StreamOptions,
  trainingBatch,
} from "../datasets";
