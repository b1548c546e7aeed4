/** The Jupyter kernel "gradamp": how it is started, made known to Jupyter, and used from a JupyterLab of one's own. */
export { labFolder } from "./lab/lab-folder";
export { type Lab, setUpLab, type SetUpLabOptions } from "./lab/set-up-lab";
export { installKernelSpec } from "./spec/install-kernel-spec";
export { kernelName, type KernelSpec, kernelSpec } from "./spec/kernel-spec";
export { type InstalledSpec, listKernelSpecs } from "./spec/list-kernel-specs";
export { removeKernelSpec } from "./spec/remove-kernel-spec";
export { specPlace, type SpecPlace } from "./spec/spec-place";
