import { attribute, nativeBackend, opType, rawOp, type Tensor, tf } from "../tensorflow";
import { isTracing } from "./recorder";

/**
 * Lets `tf.gather` be traced: tfjs-node's kernel reads the indices to the host to check their range.  TensorFlow's own op
 * checks it on a CPU, so while tracing the op alone is recorded; outside of it tfjs-node's kernel runs as ever.
 */
export function makeGatherTraceable(): void {
  if (!nativeBackend()) return;
  const original = tf.getKernel("GatherV2", "tensorflow").kernelFunc;
  tf.unregisterKernel("GatherV2", "tensorflow");
  tf.registerKernel({
    kernelName: "GatherV2",
    backendName: "tensorflow",
    kernelFunc: (args) => {
      if (!isTracing()) return original(args);
      const { x, indices } = args.inputs as { x: Tensor; indices: Tensor };
      const { axis, batchDims } = args.attrs as unknown as { axis: number; batchDims: number };
      const attributes = {
        batch_dims: attribute.int(batchDims),
        Tparams: attribute.type(opType(x.dtype)),
        Tindices: attribute.type(opType(indices.dtype)),
        Taxis: attribute.type("int32"),
      };
      return rawOp("GatherV2", attributes, [x, indices, tf.scalar(axis, "int32")])[0]!;
    },
  });
}
