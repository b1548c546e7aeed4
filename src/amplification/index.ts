export { type Amplification, type AmplifyOptions, amplify, amplifyLayers } from "./amplify";
export type { Scope } from "./check-amplification";
export { GROUP_NAMES, type Group, type GroupName, group } from "./group";
export { scaleGradient } from "./scale-gradient";
export { selectionSize, selectLayers } from "./select-layers";
export { type Stage, type StagePlan, type StagePlanOptions, type StageTuple, stages } from "./stages";
export { strategy } from "./strategy";
