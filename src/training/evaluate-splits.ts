import type { Dataset } from "../datasets";
import type { LayersModel } from "../tensorflow";
import { evaluate } from "./evaluate";
import type { ResolvedOptions } from "./resolve-options";
import type { EpochRow } from "./rows";

/** The columns of an epoch row that evaluation fills. */
export type Scores = Pick<EpochRow, "validationLoss" | "validationAccuracy" | "testLoss" | "testAccuracy">;
const NO_SCORES: Scores = { validationLoss: null, validationAccuracy: null, testLoss: null, testAccuracy: null };

/** The epoch's scores on the splits that are due; none where an interrupt cut the evaluation short. */
export async function evaluateSplits(
  model: LayersModel,
  dataset: Dataset,
  options: ResolvedOptions,
  epoch: number,
  shouldStop: () => boolean,
): Promise<Scores> {
  const due = (when: ResolvedOptions["test"]) => when === "epoch" || (when === "end" && epoch === options.epochs);
  const score = (split: Dataset["test"], when: ResolvedOptions["test"]) =>
    split && due(when) ? evaluate(model, dataset, split, { loss: options.loss, shouldStop }) : null;
  const validation = await score(dataset.validation, options.validate);
  const test = await score(dataset.test, options.test);
  if (shouldStop()) return NO_SCORES;
  return {
    validationLoss: validation?.loss ?? null,
    validationAccuracy: validation?.accuracy ?? null,
    testLoss: test?.loss ?? null,
    testAccuracy: test?.accuracy ?? null,
  };
}
