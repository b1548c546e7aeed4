import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { temporaryPrefix } from "../../files/atomic-file";
import { rowKinds } from "../../rows";
import { checkpointFolder } from "../checkpoints/checkpoint";
import { modelFile, runInfoFile } from "../run-info";
import { parseSegmentName } from "../segments/segment";

/** A file of a run's, as gradamp calls it, beneath its folder. */
const CHECKPOINT = /^(damaged-)?\d{6,}\.[0-9a-f]{8}\.safetensors$/;

/** The segments and checkpoints in a folder, by their names; other files there are nobody's business. */
export function keptFiles(run: string): string[] {
  const segments = rowKinds.flatMap((kind) =>
    list(join(run, kind)).flatMap((name) =>
      parseSegmentName("", name.replace(/^damaged-/, "")) === null ? [] : [join(run, kind, name)],
    ),
  );
  const checkpoints = list(checkpointFolder(run)).filter((name) => CHECKPOINT.test(name));
  return [...segments, ...checkpoints.map((name) => join(checkpointFolder(run), name))];
}

/**
 * Takes a run away, as one who asked for it to be overwritten wants; files that gradamp did not write stay.
 *
 * Whoever calls it holds the run's lease.
 */
export function clearRun(run: string): void {
  // First, so that what is left where this is cut short is seen to be no run.
  for (const name of [runInfoFile, modelFile, "progress.json"]) rmSync(join(run, name), { force: true });
  for (const path of keptFiles(run)) rmSync(path, { force: true });
  const events = join(run, "tensorboard");
  for (const name of list(events)) if (name.startsWith("events.out.tfevents.")) rmSync(join(events, name), { force: true }); // prettier-ignore
  clearTemporary(run);
}

/** Takes away what a killed process had half written. */
export function clearTemporary(run: string): void {
  for (const folder of [run, checkpointFolder(run), ...rowKinds.map((kind) => join(run, kind))])
    for (const name of list(folder))
      if (name.startsWith(temporaryPrefix)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** The names in a folder; none where it is not there. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
