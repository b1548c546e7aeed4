import type { LayersModel } from "../../tensorflow";
import { Run } from "../../training";
import { assignSaved, modelTensors } from "../../training/model-tensors";
import { listCheckpoints, readCheckpoint } from "../checkpoints/checkpoint";
import { readRows } from "../read-rows";
import type { RunInfo } from "../run-info";
import { rowKinds } from "../segment";

/**
 * A run that has finished, as its training left it: rows, and the model's weights.
 *
 * @throws {RangeError} where the checkpoint of its end is gone
 */
export function finishedRun(folder: string, info: RunInfo, model: LayersModel): Run {
  const last = listCheckpoints(folder).at(-1);
  const epochs = readRows(folder, "epochs");
  if (!last || last.epoch !== epochs.at(-1)?.epoch)
    throw new RangeError(
      `Expected ${folder}, which holds a finished run, to have the checkpoint of its last epoch but found ` +
        `${last ? `one of epoch ${last.epoch}` : "none"}: choose another folder, or read it with ga.readRun`,
    );
  assignSaved(
    modelTensors(model),
    [...readCheckpoint(last).state.tensors].filter(([name]) => name.startsWith("model/")),
  );
  const run = new Run(info.name, info.model, info.parameters, info.dataset, info.options);
  for (const kind of rowKinds) for (const row of readRows(folder, kind)) (run[kind] as object[]).push(row);
  run.stages.push(...((info.stages ?? []) as typeof run.stages));
  run.status = "finished";
  run.finished = Promise.resolve(run);
  return run;
}
