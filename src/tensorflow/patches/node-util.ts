import type { Patch } from "./patch";

export const nodeUtil: Patch = {
  name: "node-util",
  changes: "`util.isNullOrUndefined` of Node",
  reason: "tfjs-node calls it at its first convolution; Node 23 removed it, and Node 22 warns of each use",
  writtenFor: "tfjs-node 4.22, Node 22",
  install() {
    const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
    util.isNullOrUndefined = (value) => value === null || value === undefined;
  },
};
