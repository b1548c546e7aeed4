import type { Run } from "../../training";
import { readRows } from "../read-rows";
import { rowKinds } from "../segment";

/** Adds the rows that a folder keeps to those of a run. */
export function addRows(run: Run, folder: string): void {
  for (const kind of rowKinds) for (const row of readRows(folder, kind)) (run[kind] as object[]).push(row);
}
