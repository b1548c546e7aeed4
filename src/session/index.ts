/** What a user calls to train, to go on and to free: training that shows itself and heeds an interrupt. */
export { type Disposable, dispose } from "./dispose";
export { fitCallback, type FitCallback } from "./fit-callback";
export { install, tfjsPatches } from "./install";
export { type EpochOfOwn, measuredRun, MeasuredRun, type MeasuredRunOptions, type StepOfOwn } from "./measured-run";
export { resume } from "./resume";
export { train } from "./train";
export { trainSweep } from "./train-sweep";
