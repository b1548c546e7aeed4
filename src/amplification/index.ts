export { standingAmplification, type StandingAmplification, standingLayers } from "./standing";
export {
  type Amplification,
  type AmplifyOptions,
  amplify,
  amplifyLayers,
  checkWeights,
  withoutAmplification,
} from "./amplify";
export { type AnalysisEpoch, analysisEpoch } from "./analysis-epoch";
export type { Scope } from "./check-amplification";
export type { Directionality, DirectionalityRule, Sides } from "./directionality-rule";
export { GROUP_NAMES, type Group, type GroupName, group } from "./group";
export { INTELLIGENT_SCHEDULES, intelligentStages, type IntelligentStagesOptions } from "./intelligent-stages";
export { scaleEnds } from "./scale-ends";
export { scaleGradient } from "./scale-gradient";
export { selectionSize, selectLayers } from "./select-layers";
export { parseStages, printStages } from "./stage-notation";
export { checkPlan, type Stage, type StagePlan, type StagePlanOptions, type StageTuple, stages } from "./stages";
export { strategy } from "./strategy";
