/**
 * Lets names that have moved to `gradamp/advanced` be found under `ga` for one version more, with a warning the first
 * time. They are neither listed nor typed there.
 *
 * @param surface the exports of `gradamp`
 */
export function findMovedNames(surface: object): void {
  // Required when first asked for: most programs never ask.
  const advanced = () => require("./advanced") as Record<string, unknown>;
  for (const name of MOVED_NAMES) {
    Object.defineProperty(surface, name, {
      enumerable: false,
      configurable: true,
      get() {
        process.emitWarning(`ga.${name} has moved: import { ${name} } from "gradamp/advanced"`, "DeprecationWarning");
        const value = advanced()[name];
        Object.defineProperty(surface, name, { enumerable: false, configurable: true, value });
        return value;
      },
    });
  }
}

const MOVED_NAMES = [
  "INTELLIGENT_SCHEDULES",
  "normaliseRatios",
  "scaleEnds",
  "selectionSize",
  "fingerprint",
  "openSource",
  "presentDatasets",
  "stratifiedSplit",
  "verifyDataset",
  "displayBundle",
  "NotebookError",
  "REPRODUCTION_SCALES",
  "canExport",
  "closeExporter",
  "gradientHistogram",
  "HISTOGRAM_RANGE",
  "histogramQuantile",
  "sparseSoftmaxCrossEntropy",
  "forwardLayers",
  "compact",
  "LeaseLostError",
  "recordTraining",
  "RunHeldError",
  "startResuming",
  "writeRunInfo",
  "writeSegment",
  "groupLayers",
  "planSweep",
  "runLocally",
  "runOnSlurm",
  "slurmScripts",
  "thisMachine",
  "isDeterministic",
] as const;
