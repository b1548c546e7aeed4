export { cifar10 } from "./cifar/cifar10";
export { cifar100 } from "./cifar/cifar100";
export { dataFolder } from "./cifar/data-folder";
export { dataByModule } from "./data-by-module";
export { dataset, type DatasetOptions, type SplitSamples } from "./dataset";
export { downloadDataset } from "./cifar/download-dataset";
export type { DownloadProgress } from "./cifar/download-file";
export { embedded } from "./embedded";
export { epochPlan, type EpochPlanOptions } from "./batches/epoch-plan";
export { evaluationBatch } from "./batches/evaluation-batch";
export { exportEmbedded, type ExportEmbeddedOptions } from "./export-embedded";
export type { DownloadDatasetOptions } from "./cifar/fetch-layout";
export { type Fingerprint, fingerprint } from "./fingerprint";
export { imageFolder } from "./image-folder";
export { presentDatasets, type PresentDataset } from "./cifar/present-datasets";
export { openSource } from "./open-source";
export type { PreparationOptions } from "./columns/prepared-columns";
export { stream, type StreamOptions } from "./streams/stream";
export type { BatchStream, StreamEpoch } from "./streams/open-stream";
export { stratifiedSplit } from "./stratified-split";
export { type Batch, trainingBatch } from "./batches/training-batch";
export type {
  Column,
  ColumnKind,
  Columns,
  Dataset,
  DataSource,
  Part,
  PartReader,
  Reading,
  Split,
  StreamedDataset,
  StreamedSplit,
  TrainingData,
} from "./types";
export type {
  Augmentation,
  Cifar100Options,
  CifarOptions,
  CifarSplit,
  EmbeddedOptions,
  ImageFolderOptions,
  Normalisation,
} from "../spec";
export type { Samples } from "./columns/value-column";
export { verifyDataset } from "./cifar/verify-dataset";
export type { VerifiedFile } from "./cifar/verify-layout";
