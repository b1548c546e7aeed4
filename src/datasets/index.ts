export { cifar10 } from "./cifar10";
export { cifar100 } from "./cifar100";
export { dataFolder } from "./data-folder";
export { dataset, type DatasetOptions, type SplitSamples } from "./dataset";
export { downloadDataset } from "./download-dataset";
export type { DownloadProgress } from "./download-file";
export { embedded } from "./embedded";
export { epochPlan, type EpochPlanOptions } from "./epoch-plan";
export { evaluationBatch } from "./evaluation-batch";
export { exportEmbedded, type ExportEmbeddedOptions } from "./export-embedded";
export type { DownloadDatasetOptions } from "./fetch-layout";
export { type Fingerprint, fingerprint } from "./fingerprint";
export { imageFolder } from "./image-folder";
export { presentDatasets, type PresentDataset } from "./present-datasets";
export { openSource } from "./open-source";
export type { PreparationOptions } from "./prepared-columns";
export { stratifiedSplit } from "./stratified-split";
export { trainingBatch } from "./training-batch";
export type { Column, Dataset, DataSource, Split } from "./types";
export type {
  Augmentation,
  Cifar100Options,
  CifarOptions,
  CifarSplit,
  EmbeddedOptions,
  ImageFolderOptions,
  Normalisation,
} from "../spec";
export type { Samples } from "./value-column";
export { verifyDataset } from "./verify-dataset";
export type { VerifiedFile } from "./verify-layout";
