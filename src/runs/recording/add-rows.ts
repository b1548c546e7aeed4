import { appendRows, rowKinds } from "../../rows";
import type { Run } from "../../training";
import { readRows } from "../segments/read-rows";

/** Adds the rows that a folder keeps to those of a run. */
export function addRows(run: Run, folder: string): void {
  for (const kind of rowKinds) appendRows(run, kind, readRows(folder, kind));
}
