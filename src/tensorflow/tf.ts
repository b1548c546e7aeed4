import type * as tfjs from "@tensorflow/tfjs";
import * as util from "node:util";

type TensorFlow = typeof tfjs;

// tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed, at its first convolution.
const legacyUtil = util as { isNullOrUndefined?: (value: unknown) => boolean };
if (typeof legacyUtil.isNullOrUndefined !== "function") {
  (require("node:util") as typeof legacyUtil).isNullOrUndefined = (value) => value === null || value === undefined;
}

process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";

export const tf: TensorFlow = require("@tensorflow/tfjs-node-gpu");
