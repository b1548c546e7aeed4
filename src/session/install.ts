import { showMethods } from "../display/values/show-methods";
// Its declarations, which say that tensors, tables, models and runs have `show`.
export type {} from "../display/values/show-methods";
import { registeredLayers } from "../layers/registered-layers";
import { install as installPatches, type Patch, patches } from "../tensorflow";
import { guardedModels } from "../training/guard-models";

/**
 * Everything that gradamp changes of tfjs in a process that imports it: what, why, and for which versions.
 *
 * @example
 * import * as ga from "gradamp";
 * for (const { name, changes, reason } of ga.tfjsPatches) console.log(name, changes, reason);
 */
export const tfjsPatches: readonly Patch[] = [...patches, registeredLayers, guardedModels, showMethods];

/**
 * Makes those of {@link tfjsPatches} that are not made; importing gradamp does it.
 *
 * They outlive `tf.engine().reset()` and a change of the backend; call it where something has registered one of the
 * kernels or gradients anew, or replaced one of the functions. A second call does nothing.
 *
 * @example
 * import * as ga from "gradamp";
 * ga.install();
 */
export function install(): void {
  installPatches();
  registeredLayers.install();
  guardedModels.install();
  showMethods.install();
}
