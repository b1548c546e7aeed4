/** Tables of trials: what they have in common is trained once, on this machine or on a cluster. */
export { planSweep } from "./plan-sweep";
export type { LayerRatios, SweepKnowledge, SweepPlan, SweepTask } from "./sweep-task";
