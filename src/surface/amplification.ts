/**
 * Gradient amplification: which layers, by how much, in which epochs.
 *
 * @module amplification
 */
export {
  amplify,
  type Amplification,
  type AmplifyOptions,
  type DirectionalityRule,
  type Group,
  group,
  intelligentStages,
  type IntelligentStagesOptions,
  parseStages,
  printStages,
  scaleGradient,
  type Scope,
  selectLayers,
  type Stage,
  type StagePlan,
  stages,
  strategy,
  withoutAmplification,
} from "../amplification";
export { selectByDirectionality } from "../rows";
