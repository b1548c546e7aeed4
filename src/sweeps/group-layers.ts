import { checkArgument } from "../options";
import { group } from "../amplification";
import type { TrialSpec } from "../experiments";
import { modelByName } from "../models";
import { namedLayers } from "../models/named-layers";

/**
 * The names of the layers that a trial's stages choose from, in forward order; builds the network for that, narrow, since
 * names do not depend on its width.
 *
 * @param trial any trial
 * @throws {RangeError} if the network has no such layer
 */
export function groupLayers(trial: TrialSpec): string[] {
  checkArgument(trial, "a trial, as of ga.trials,", "model");
  const { model: { name, options }, stages } = trial; // prettier-ignore
  if (!stages?.group) return [];
  const model = modelByName(name, { ...options, width: 4 });
  try {
    const members = new Set(group(model, stages.group));
    return namedLayers(model).flatMap((named) => (members.has(named.layer) ? [named.name] : []));
  } finally {
    model.dispose();
  }
}
