import { checkPath, either, oneOf, whole } from "../options";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import { checkOptions } from "../spec";
import { type io, type LayersModel, tf } from "../tensorflow";
import { listCheckpoints } from "./checkpoints/checkpoint";
import { restoreModel } from "./checkpoints/restore-model";
import { readText } from "../files/read-text";
import { noteOrigin } from "./recording/model-identity";
import { readRunInfo } from "./read-run-info";
import { modelFile } from "./run-info";

/** The network of a run, with fresh weights. */
export async function loadTopology(run: string): Promise<LayersModel> {
  const file = join(run, modelFile);
  const text = readText(file);
  const { topology } = readRunInfo(run);
  if (topology !== undefined && topology !== textChecksum(text))
    throw new Error(`Expected ${file} to be as it was written but found it changed: restore it`);
  try {
    return await tf.models.modelFromJSON(JSON.parse(text) as io.ModelJSON);
  } catch (error) {
    throw new Error(
      `Expected ${file} to describe a network but ${(error as Error).message}: layers of your own must be registered ` +
        "with tf.serialization.registerClass before",
      { cause: error },
    );
  }
}

/**
 * The network of a run that was saved, with its weights from one of its checkpoints.
 *
 * @param run the run's folder
 * @param options.epoch `"last"`, `"best"` by validation, or an epoch that has a checkpoint. Default: `"last"`
 * @throws {RangeError} if there is no such checkpoint
 * @throws {Error} if it is damaged
 * @example
 * import { mkdtempSync } from "node:fs";
 * import * as ga from "gradamp";
 *
 * const save = `${mkdtempSync("/tmp/runs-")}/a`;
 * const data = ga.embedded({ train: 60, validation: 20, test: 20 });
 * await ga.train(ga.vgg08({ classes: 10, width: 4 }), data, { epochs: 2, batchSize: 20, save });
 * const model = await ga.loadModel(save, { epoch: "best" });
 * console.log(await ga.evaluate(model, data, data.test));
 */
export async function loadModel(run: string, options: { epoch?: "last" | "best" | number } = {}): Promise<LayersModel> {
  checkOptions("loadModel", options, {
    epoch: either(oneOf("last", "best"), whole(0), 'to be "last", "best" or a number of epochs'),
  });
  checkPath(run, "a run's folder");
  const { epoch = "last" } = options;
  const checkpoints = listCheckpoints(run);
  const wanted = epoch === "best" ? readRunInfo(run).best?.epoch : epoch === "last" ? checkpoints.at(-1)?.epoch : epoch;
  const checkpoint = checkpoints.find((other) => other.epoch === wanted);
  if (!checkpoint) {
    throw new RangeError(
      `Expected ${run} to have a checkpoint of epoch ${wanted ?? epoch} but found ${checkpoints.map((other) => other.epoch).join(", ") || "none"}`,
    );
  }
  const model = await loadTopology(run);
  restoreModel(model, checkpoint);
  noteOrigin(model, readRunInfo(run).initial);
  return model;
}

/** CRC-32 of a text, eight hexadecimal digits. */
export function textChecksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
