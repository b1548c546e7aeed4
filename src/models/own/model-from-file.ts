import { dirname, join } from "node:path";
import { readBytes, readJson } from "../../files/read-text";
import { type io, type LayersModel, tf } from "../../tensorflow";
import { kerasTopology } from "./keras-topology";

/**
 * The network of a model.json, as tfjs or Keras (2 and 3) writes it; with the weights that tfjs keeps beside it, or fresh
 * ones.
 *
 * @throws {TypeError} if it describes no network
 * @throws {RangeError} if tfjs has no such layer, or one that does something else
 */
export async function modelFromFile(path: string): Promise<LayersModel> {
  const content = readJson(path) as { modelTopology?: unknown; weightsManifest?: io.WeightsManifestConfig } | null;
  const modelTopology = kerasTopology(content?.modelTopology ?? content);
  try {
    if (!content?.weightsManifest?.length) return await tf.models.modelFromJSON({ modelTopology } as io.ModelJSON);
    const groups = content.weightsManifest;
    const weightSpecs = groups.flatMap(({ weights }) => weights);
    const parts = groups.flatMap(({ paths }) => paths.map((file) => readBytes(join(dirname(path), file))));
    const { buffer } = new Uint8Array(Buffer.concat(parts));
    return await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData: buffer }));
  } catch (error) {
    throw new RangeError(`Expected ${path} to describe a network of tfjs's layers but ${(error as Error).message}`, { cause: error }); // prettier-ignore
  }
}
