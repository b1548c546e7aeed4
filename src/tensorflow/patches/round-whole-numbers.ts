import type { TensorInfo } from "@tensorflow/tfjs";
import { type Patch, wrapKernel } from "./patch";

const name = "round-whole-numbers";

export const roundWholeNumbers: Patch = {
  name,
  changes: "kernel Round of int32 and bool",
  reason: "TensorFlow's Round makes zeros of int32 and refuses bool; both are whole already",
  writtenFor: "tfjs-node 4.22, TensorFlow 2.21",
  install() {
    wrapKernel(name, "Round", (original) => (args) => {
      const { dataId, shape, dtype } = args.inputs["x"] as TensorInfo;
      if (dtype !== "int32" && dtype !== "bool") return original(args);
      (args.backend as { incRef(dataId: object): void }).incRef(dataId);
      return { dataId, shape, dtype };
    });
  },
};
