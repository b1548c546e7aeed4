import { type Paper, type TrialSpec } from "../../experiments";
import { rerunTrials } from "../../experiments/reproduction-trials";
import type { Sweep } from "../../sweeps";
import { sweepResults } from "../../sweeps/sweep-results";
import { chosenByValidation, type ChosenByValidationOptions } from "../../tables/reproduction/chosen-by-validation";

/** How settings are compared in a paper. */
export function comparisonOf(paper: Paper): ChosenByValidationOptions {
  // The deep networks of the VGG38 study are compared with its shallow one, at their best epochs.
  return paper === "vgp" ? { baseline: { model: "VGG08" }, by: ["dataset"], at: "best" } : {};
}

/** The settings that are best by validation, with those seeds of the baselines that they have not been run with. */
export function chooseAgain(sweep: Sweep, paper: Paper): TrialSpec[] {
  const chosen = chosenByValidation(sweepResults(sweep), comparisonOf(paper)).array("chosen") as string[];
  const ids = new Set(sweep.trials.map(({ id }) => id));
  return chosen.flatMap((id) => {
    const trial = sweep.trials.find((one) => one.id === id);
    if (!trial) return [];
    const isBaseline = ({ labels, dataset, model }: TrialSpec) =>
      paper === "vgp"
        ? labels.model === "VGG08"
        : labels.method === "original" && dataset.name === trial.dataset.name && model.name === trial.model.name;
    const seeds = [...new Set(sweep.trials.filter(isBaseline).map(({ seed }) => seed))];
    return rerunTrials(trial, seeds).filter((rerun) => !ids.has(rerun.id));
  });
}
