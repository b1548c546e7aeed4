import { checkUnchanged, loadModule, locateModule, type ModuleRecord } from "../../modules";
import { show } from "../../spec";
import type { LayersModel } from "../../tensorflow";
import { modelFromFile } from "./model-from-file";

/** Which module made a model; what ends with the model. */
const records = new WeakMap<LayersModel, ModuleRecord>();

/** The module that made a model, with the options that it was told; undefined for other models. */
export const moduleOf = (model: LayersModel): ModuleRecord | undefined => records.get(model);

/**
 * The network that a module of the user's own exports by default, or that its function makes of the options; the function
 * may be async. TypeScript needs no build step, and `import * as ga from "gradamp"` in it is this gradamp. A `model.json` is
 * read as tfjs and Keras (2 and 3) write it, with the weights that tfjs keeps beside it, or fresh ones.
 *
 * A run that is recorded keeps the module's path, options and hash, and makes the network again when it goes on.
 *
 * @param module its path, or `{ module, options, hash }` as a trial has it
 * @param options what its function is told. Default: nothing
 * @throws {RangeError} if there is no such file, or it is another one than `hash` says
 * @throws {TypeError} if it does not give a network
 *
 * @example
 * import { mkdtempSync, writeFileSync } from "node:fs";
 * import * as ga from "gradamp";
 * const file = `${mkdtempSync("/tmp/module-")}/model.ts`;
 * writeFileSync(file, `import * as ga from "gradamp";
 * export default ({ units }: { units: number }) =>
 *   ga.tf.sequential({ layers: [ga.tf.layers.dense({ units, inputShape: [3] })] });`);
 * const model = await ga.modelByModule(file, { units: 7 });
 * console.log(model.outputs[0]!.shape); // [null, 7]
 */
export async function modelByModule(
  module: string | ModuleRecord,
  options: Readonly<Record<string, unknown>> = {},
): Promise<LayersModel> {
  const record = locateModule(typeof module === "string" ? { module, options } : module);
  checkUnchanged(record);
  const model = await modelOf(record);
  records.set(model, record);
  return model;
}

async function modelOf({ module, options = {} }: ModuleRecord): Promise<LayersModel> {
  if (module.endsWith(".json")) return modelFromFile(module);
  const made = loadModule(module);
  const model: unknown = await (typeof made === "function" ? (made as (options: object) => unknown)(options) : made);
  if (!Array.isArray((model as Partial<LayersModel> | null | undefined)?.layers))
    throw new TypeError(`Expected ${module} to give a model, as of ga.vgg08 or tf.sequential, but found ${show(model)}`); // prettier-ignore
  return model as LayersModel;
}
