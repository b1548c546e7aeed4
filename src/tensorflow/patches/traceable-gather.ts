import { isTracing } from "../tracing";
import { type Patch, wrapKernel } from "./patch";

const name = "traceable-gather";

export const traceableGather: Patch = {
  name,
  changes: "kernel GatherV2, while a step is compiled",
  reason:
    "tfjs-node reads the indices to the host to check their range; TensorFlow's own op checks it on a CPU, so a compiled " +
    "step holds the op alone",
  writtenFor: "tfjs-node 4.22",
  install() {
    wrapKernel(name, "GatherV2", (original) => (args) => {
      if (!isTracing()) return original(args);
      const backend = Object.create(args.backend as object, { readSync: { value: () => [] } }) as object;
      return original({ ...args, backend });
    });
  },
};
