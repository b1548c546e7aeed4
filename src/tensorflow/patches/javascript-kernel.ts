import type { KernelBackend, TensorInfo } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import type { KernelFunction } from "./patch";

type Values = Parameters<KernelBackend["write"]>[0];

/** tfjs's backend in JavaScript, as its kernels use it. */
interface JavaScriptBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: string, values: Values): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

/** A kernel of the native backend that reads its inputs and runs tfjs's own kernel in JavaScript on them. */
export function javascriptKernel(kernelName: string): KernelFunction {
  return ({ inputs, attrs, backend }) => {
    const native = backend as KernelBackend;
    const javascript = tf.findBackend("cpu") as JavaScriptBackend;
    const copy = (tensor: TensorInfo | undefined) =>
      tensor && javascript.makeTensorInfo(tensor.shape, tensor.dtype, native.readSync(tensor.dataId) as Values);
    const entries = Object.entries(inputs).map(([name, input]): [string, unknown] => [
      name,
      Array.isArray(input) ? input.map(copy) : copy(input),
    ]);
    const results = tf
      .getKernel(kernelName, "cpu")
      .kernelFunc({ inputs: Object.fromEntries(entries) as typeof inputs, attrs: attrs!, backend: javascript });
    const made = [results].flat().map(({ dataId, shape, dtype }): TensorInfo => {
      const values = javascript.readSync(dataId) as Values;
      return { dataId: native.write(values, shape, dtype), shape, dtype };
    });
    for (const tensor of [...entries.flatMap(([, copied]) => copied ?? []), results].flat()) {
      javascript.disposeIntermediateTensorInfo(tensor as TensorInfo);
    }
    return Array.isArray(results) ? made : made[0]!;
  };
}
