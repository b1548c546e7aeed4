import type { StandingAmplification } from "../amplification";
import type { BestEpoch, NonFinite, RowKind, StageStart } from "../rows";
import type { DataSource, Fingerprint } from "../datasets";
import type { ModuleRecord } from "../modules";
import type { SaveSettings } from "./recording/check-save";
import type { Environment } from "./recording/environment";

/** How far a run has come; written at each epoch's end. */
export interface RunProgress {
  /** Complete epochs. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps since the beginning. */
  readonly step: number;
  /** Seconds that the rest will take; null where it is not known. */
  readonly etaSeconds: number | null;
  /** When this was written, in ISO 8601. */
  readonly updated: string;
}

/** A process that worked on a run. */
export interface RunSession extends Partial<Environment> {
  readonly host: string;
  readonly pid: number;
  /** The batch system's name of the job; null outside of one. */
  readonly job: string | null;
  readonly started: string;
  /** Complete epochs at its beginning. */
  readonly epoch: number;
  /** Null while it goes on, and where it was killed. */
  readonly ended: string | null;
  /** Bytes of memory that it had at most. */
  readonly peakMemory: number | null;
  /** What had to be repaired, or was found odd, at its beginning. */
  readonly notes?: readonly string[];
}

/** The best epoch by validation, with its weights' scores on the test split; null where there is none, or not yet. */
export interface BestScores extends BestEpoch {
  readonly testLoss?: number | null;
  readonly testAccuracy?: number | null;
}

/** What `run.json` tells of a run; fields that are not listed here are kept as they are. */
export interface RunInfo {
  /** In which version this is written; what says none is of version 1. */
  version?: number;
  /** Tells this run's files from those of others: segments and checkpoints hold it too. */
  id?: string;
  /** A name for people. */
  name: string;
  /** The network's name. */
  model: string;
  /** Trainable parameters. */
  parameters: number;
  /** The data set's name. */
  dataset: string;
  /** Every option of the run. */
  options: Record<string, unknown>;
  /**
   * "running", "finished", "interrupted" (goes on when it is asked to), "failed" (see `error`), "diverged" (its loss
   * was not finite any more); who trains sets it.
   */
  status: string;
  /** How far it is. */
  progress?: RunProgress;
  /** How many rows of each kind there are at least; what is fewer was lost. */
  rows?: Readonly<Partial<Record<RowKind, number>>>;
  /** The epoch of the last checkpoint. */
  checkpoint?: number;
  /** CRC-32 of model.json. */
  topology?: string | undefined;
  /** The best epoch by validation; null without a validation split. */
  best?: BestScores | null;
  /** Every stage with its selected layers. */
  stages?: readonly StageStart[];
  /** Where numbers stopped being finite. */
  nonFinite?: NonFinite | null;
  /** What ended a failed run. */
  error?: string | null;
  /** The run that this one is a fork of. */
  from?: { readonly run: string; readonly epoch: number } | null;
  /** Each process that trained it, in order. */
  sessions?: readonly RunSession[];
  /** What tells the data from other data. */
  data?: Fingerprint;
  /** The module that made the network, with what it was told and the hash of its files; missing for other networks. */
  module?: ModuleRecord;
  /** How to get the data again; null where only the caller knows. */
  source?: DataSource | null;
  /** Checksum of the weights that training began with. */
  initial?: string;
  /** What its layers are called in rows, in forward order. */
  layers?: readonly string[];
  /** What `ga.amplify` had left on the model when it was trained; missing where nothing. */
  amplifiedBefore?: readonly StandingAmplification[];
  /** How the run is kept. */
  save?: SaveSettings;
  /** What a command line or a sweep asked for. */
  config?: unknown;
  /** In ISO 8601. */
  created?: string;
  [field: string]: unknown;
}

/** The name of the file in a run's folder. */
export const runInfoFile = "run.json";

/** The name of the file in a run's folder that describes its network, as tfjs writes it. */
export const modelFile = "model.json";
