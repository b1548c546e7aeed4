/**
 * The papers: their protocols and published numbers as data, sweeps of trials, and the statistics of results.
 *
 * @module experiments
 */
export { protocol, published, publishedRemarks, sweepResults } from "../display";
export {
  sharedPrefixes,
  freshSeeds,
  type Paper,
  reproductionTrials,
  rerunTrials,
  startTrial,
  trainOptions,
  trialData,
  trialModel,
  trials,
  type TrialSpec,
} from "../experiments";
export { trainSweep } from "../session";
export * as statistics from "../statistics";
export { reproductionPower, Sweep, type SweepOptions, type SweepOutcome } from "../sweeps";
