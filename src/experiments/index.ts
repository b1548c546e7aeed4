export { type SharedPrefix, sharedPrefixes } from "./shared-prefixes";
export { protocol } from "./protocol";
export type { ProtocolOptions } from "./protocol-options";
export { published, type Paper } from "./published";
export { publishedRemarks } from "./published-remarks";
export {
  FRESH_SEEDS,
  freshSeeds,
  REPRODUCTION_SCALES,
  type ReproductionOptions,
  type ReproductionScale,
  reproductionTrials,
  rerunTrials,
  REPRODUCTION_KINDS,
} from "./reproduction-trials";
export { openTrial } from "./open-trial";
export { type StartedTrial, startTrial } from "./start-trial";
export { trainOptions } from "./train-options";
export { trialData } from "./trial-data";
export { trialModel } from "./trial-model";
export type { TrialLabels, TrialSpec } from "./trial-spec";
export { trials } from "./trials";
