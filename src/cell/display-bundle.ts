import { checkArgument, checkOptions, text, yesNo } from "../options";
import { randomUUID } from "node:crypto";
import { kernelCell } from "./kernel-cell";
import type { MimeBundle } from "./running-cell";

/** How an output is displayed. */
export interface DisplayOptions {
  /** Names the output so that it can be replaced. Default: a new name. */
  displayId?: string;
  /** Replaces the output of that name instead of adding one. Default: false. */
  update?: boolean;
}

/**
 * Shows a MIME bundle as output of the running cell, all types at once, which tslab's own display functions cannot.
 *
 * Outside a kernel its `text/plain` goes to standard output, updates excepted.
 *
 * @param data MIME type → content
 * @param options the output that is replaced, if any
 * @returns Whether a kernel took it.
 * @throws {TypeError} for an unknown option or one of a wrong kind
 */
export function displayBundle(data: MimeBundle, options: DisplayOptions = {}): boolean {
  checkOptions("displayBundle", options, { displayId: text, update: yesNo });
  checkArgument(data, "a bundle of texts by MIME type");
  const { displayId = randomUUID(), update = false } = options;
  const cell = kernelCell();
  if (cell) {
    cell.write({ data, metadata: {}, transient: { display_id: displayId } }, update);
    return true;
  }
  const plain = data["text/plain"];
  if (!update && typeof plain === "string") process.stdout.write(`${plain}\n`);
  return false;
}
