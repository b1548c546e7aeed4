/** Tables of trials: what they have in common is trained once, on this machine or on a cluster. */
export { type LocalOptions, runLocally, type SweepOutcome } from "./local/run-locally";
export { type MachineRoom, thisMachine } from "./local/machine-room";
export { planSweep } from "./plan-sweep";
export type { SweepSnapshot, TaskRow, TaskStatus } from "./snapshot";
export { Sweep, type SweepOptions } from "./sweep";
export type { LayerRatios, SweepKnowledge, SweepPlan, SweepTask } from "./sweep-task";
