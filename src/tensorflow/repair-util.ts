/**
 * Gives `util.isNullOrUndefined` back to tfjs-node 4.22, which calls it at its first convolution: Node 23 removed it,
 * and Node 22 warns of each use.  It is the only such function missing.
 */
export function repairUtil(): void {
  const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined = (value) => value === null || value === undefined;
}
