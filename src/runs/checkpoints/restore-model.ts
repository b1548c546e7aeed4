import type { LayersModel } from "../../tensorflow";
import { assignSaved, modelTensors } from "../../training/program/model-tensors";
import { BEST } from "../../training/callbacks/best-weights";
import { AVERAGE } from "../../training/program/weight-averages";
import { type Checkpoint, readCheckpoint } from "./checkpoint";

/**
 * Gives a model the weights that a checkpoint holds, their averages where training kept such, and leaves what belongs to the optimizer.
 *
 * @param options.best the weights of the best epoch, where training was to end with them. Default: false
 * @throws {Error} if the checkpoint is damaged
 * @throws {RangeError} if it is another model's; nothing is changed then
 */
export function restoreModel(model: LayersModel, checkpoint: Checkpoint, { best = false } = {}): void {
  const { tensors } = readCheckpoint(checkpoint).state;
  const kept = [...tensors].flatMap(([name, value]) =>
    name.startsWith(BEST) ? [[name.slice(BEST.length), value] as const] : [],
  );
  const own = [...tensors].filter(([name]) => name.startsWith("model/"));
  const averages = [...tensors].flatMap(([name, value]) =>
    name.startsWith(AVERAGE) ? [[`model/${name.slice(AVERAGE.length)}`, value] as const] : [],
  );
  assignSaved(modelTensors(model), best && kept.length > 0 ? kept : averages.length > 0 ? averages : own);
}
