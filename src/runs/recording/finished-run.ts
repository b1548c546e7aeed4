import type { LayersModel } from "../../tensorflow";
import { Run } from "../../training";
import { listCheckpoints } from "../checkpoints/checkpoint";
import { restoreModel } from "../checkpoints/restore-model";
import type { RunInfo } from "../run-info";
import { checkRows } from "../check-rows";
import { addRows } from "./add-rows";

/**
 * A run that has finished, as its training left it: rows, and the model's weights.
 *
 * @throws {RangeError} if the checkpoint of its end is gone
 */
export function finishedRun(folder: string, info: RunInfo, model: LayersModel): Run {
  const run = new Run(info.name, info.model, info.parameters, info.dataset, info.options);
  checkRows(folder, info);
  addRows(run, folder);
  const last = listCheckpoints(folder).at(-1);
  if (!last || last.epoch !== run.epochs.at(-1)?.epoch)
    throw new RangeError(
      `Expected ${folder}, which holds a finished run, to have the checkpoint of its last epoch but found ` +
        `${last ? `one of epoch ${last.epoch}` : "none"}: choose another folder, or read it with ga.readRun`,
    );
  restoreModel(model, last, { best: true });
  run.stages.push(...(info.stages ?? []));
  run.nonFinite = info.nonFinite ?? null;
  run.status = info.status === "stopped early" ? "stopped early" : "finished";
  run.finished = Promise.resolve(run);
  return run;
}
