import { addonKey, addonSources } from "./addon-sources";
import type { AddonRecord } from "./installation";

/** Whether an addon's folder has the name that today's sources would give it. */
export function isCurrentAddon(folder: string, record: AddonRecord): boolean {
  const version = record.kind === "external" ? null : record.tensorflow;
  return folder === addonKey(addonSources(), { ...record, version });
}
