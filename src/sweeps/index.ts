/** Tables of trials: what they have in common is trained once, on this machine or on a cluster. */
export { LOCAL_KINDS, type LocalOptions, runLocally, type SweepOutcome } from "./local/run-locally";
export { type MachineResources, thisMachine } from "./local/machine-resources";
export { groupLayers } from "./group-layers";
export { planSweep } from "./plan-sweep";
export { readRatios } from "./read-ratios";
export type { SweepSnapshot, TaskRow, TaskStatus } from "./snapshot";
export { Sweep, type SweepOptions } from "./sweep";
export { sweepResults } from "./sweep-results";
export type { LayerRatios, SweepKnowledge, SweepPlan, SweepTask } from "./sweep-task";
export { advanceOnSlurm, type OnSlurmOptions, runOnSlurm, slurmScripts, type SlurmScript } from "./slurm/run-on-slurm";
export type { SlurmOptions } from "./slurm/slurm-options";
export { reproductionPower, type ReproductionPowerOptions } from "./reproduction-power";
