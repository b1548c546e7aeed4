export { standingAmplification, type StandingAmplification, standingLayers } from "./standing";
export {
  type Amplification,
  type AmplifyOptions,
  amplify,
  amplifyLayers,
  checkWeights,
  leftOutWarning,
  withWeights,
  withoutAmplification,
} from "./amplify";
export { type AnalysisEpoch, analysisEpoch } from "./analysis-epoch";
export { group } from "./group";
export { scaleGradient } from "./scale-gradient";
export { selectionSize, selectLayers } from "./select-layers";
export {
  checkPlan,
  type Directionality,
  type DirectionalityRule,
  type Group,
  GROUP_NAMES,
  type GroupName,
  INTELLIGENT_SCHEDULES,
  intelligentStages,
  type IntelligentStagesOptions,
  parseStages,
  printStages,
  scaleEnds,
  type Scope,
  type Sides,
  type Stage,
  type StagePlan,
  type StagePlanOptions,
  type StrategyOptions,
  stages,
  type StageTuple,
  strategy,
} from "../spec";
