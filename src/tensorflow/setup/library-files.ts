import type { Platform } from "./platform";

/** The two libraries that tfjs-node's addon calls, by their names in the wheel's folder tensorflow/. */
export function libraryFiles(platform: Platform): { readonly main: string; readonly framework: string } {
  return platform.startsWith("darwin")
    ? { main: "libtensorflow_cc.2.dylib", framework: "libtensorflow_framework.2.dylib" }
    : { main: "libtensorflow_cc.so.2", framework: "libtensorflow_framework.so.2" };
}

/** The headers that the addon's sources include, directly or not (g++ -M): 225 kB of the wheel's 60 MB. */
export const HEADERS: readonly string[] = [
  "tensorflow/c/c_api.h",
  "tensorflow/c/c_api_macros.h",
  "tensorflow/c/eager/c_api.h",
  "tensorflow/c/experimental/stream_executor/stream_executor.h",
  "tensorflow/c/kernels.h",
  "tensorflow/c/ops.h",
  "tensorflow/c/tf_attrtype.h",
  "tensorflow/c/tf_buffer.h",
  "tensorflow/c/tf_datatype.h",
  "tensorflow/c/tf_status.h",
  "tensorflow/c/tf_tensor.h",
  "tensorflow/c/tf_tstring.h",
  "tensorflow/core/common_runtime/next_pluggable_device/c/tf_rendezvous_c_api.h",
  "tensorflow/core/platform/ctstring.h",
  "tensorflow/core/platform/ctstring_internal.h",
  "tsl/platform/ctstring.h",
  "tsl/platform/ctstring_internal.h",
  "tsl/platform/platform.h",
  "xla/tsl/c/tsl_status.h",
];
