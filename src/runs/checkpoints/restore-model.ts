import type { LayersModel } from "../../tensorflow";
import { assignSaved, modelTensors } from "../../training/program/model-tensors";
import { type Checkpoint, readCheckpoint } from "./checkpoint";

/**
 * Gives a model the weights that a checkpoint holds, and leaves what belongs to the optimizer.
 *
 * @throws {Error} if the checkpoint is damaged
 * @throws {RangeError} if it is another model's; nothing is changed then
 */
export function restoreModel(model: LayersModel, checkpoint: Checkpoint): void {
  const { tensors } = readCheckpoint(checkpoint).state;
  assignSaved(
    modelTensors(model),
    [...tensors].filter(([name]) => name.startsWith("model/")),
  );
}
