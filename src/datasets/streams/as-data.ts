import type { TrainingData } from "../types";
import { type BatchStream, kindOfStream } from "./open-stream";
import { stream } from "./stream";

/** What may be trained on: a data set, or a stream of batches as {@link stream} takes it. */
export async function asData(given: TrainingData | BatchStream): Promise<TrainingData> {
  return kindOfStream(given) === null ? (given as TrainingData) : stream({ train: given as BatchStream });
}
