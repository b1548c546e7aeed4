/**
 * The one description of a training: every option with its kind, default, check and help text, and how each part of it is
 * written down. Knows nothing of TensorFlow but types.
 */
export { checkNames, checkObject, checkOptions, field, type Field, type Fields, type Filled, type Given, readFields } from "../options"; // prettier-ignore
export { integer, type Kind, nearest, number, oneOf, refuse, show, type ValueOf, whole } from "../options";
export * from "./amplification";
export type { BatchAugmentation, OwnAugmentation, ReadyAugmentation } from "./augment";
export * from "./callbacks";
export * from "./datasets";
export * from "./early-stopping";
export * from "./exit-codes";
export { type FunctionRecord, isAsync, isFunctionRecord, isSameFunction, keyed, recordOfFunction } from "./functions";
export * from "./learning-rate";
export * from "./losses";
export * from "./measure";
export * from "./metrics";
export * from "./models";
export * from "./optimizers";
export * from "./save";
export * from "./stages/directionality-rule";
export * from "./stages/intelligent-stages";
export * from "./stages/scale-ends";
export { SCHEDULE } from "./stages/schedule";
export * from "./stages/stage-notation";
export type { Stage } from "./stages/stage";
export * from "./stages/stages";
export * from "./stages/strategy";
export * from "./training";
export { namesFunction, upgradeOptions } from "./upgrade";
export { byNameOrModule, isModulePath } from "./upgrade-trial";
export { checkVersion, VERSION } from "./version";
export { dashed, type Flag, flagsOf, type Place, valueOfWord } from "./flags";
export {
  checkTrial,
  DATASETS,
  NO_LABELS,
  readTrial,
  RUN_SETTINGS,
  type Trial,
  TRIAL,
  type TrialData,
  type TrialGiven,
  type TrialModel,
} from "./trial";
export { optionsPage } from "./options-page";
