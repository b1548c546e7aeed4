import { freshSeeds, type Paper, rerunTrials, type TrialSpec } from "../../experiments";
import type { Sweep } from "../../sweeps";
import { sweepResults } from "../../sweeps/sweep-results";
import type { ChosenByValidationOptions } from "../../tables/reproduction/chosen-by-validation";
import { settingsToConfirm } from "../../tables/reproduction/settings-to-confirm";

/** How settings are compared in a paper. */
export function comparisonOf(paper: Paper): ChosenByValidationOptions {
  // The deep networks of the VGG38 study are compared with its shallow one, at their best epochs.
  return paper === "vgp" ? { baseline: { model: "VGG08" }, by: ["dataset"], at: "best" } : {};
}

/** What was chosen among the settings that were tried, with fresh seeds. */
export function chooseAgain(sweep: Sweep, paper: Paper, seeds: number): TrialSpec[] {
  const ids = new Set(sweep.trials.map(({ id }) => id));
  return settingsToConfirm(sweepResults(sweep), paper).flatMap((id) => {
    const trial = sweep.trials.find((one) => one.id === id);
    return trial ? rerunTrials(trial, freshSeeds(seeds)).filter((rerun) => !ids.has(rerun.id)) : [];
  });
}
