/**
 * A process of its own, which may die of what it looks at: loads TensorFlow as a user's program does, trains a step,
 * loads danfojs-node beside it, and prints what it found as one line of JSON.
 */
import { readFileSync } from "node:fs";
import type * as tensorflow from "..";
import type { Rank, Tensor, Tensor4D } from "..";
import { countEngines } from "./count-engines";

export interface ProbeReport {
  readonly tfjs: string;
  readonly fallback: string | null;
  readonly libtensorflow: { readonly version: string; readonly path: string | null } | null;
  readonly gpu: boolean;
  /** Whether a gradient came out as it must. */
  readonly trains: boolean;
  /** Why TensorFlow's graphs cannot be used; null where a function of two ops gave what it must. */
  readonly noGraphs: string | null;
  /** Operations that are gradamp's own. */
  readonly ownOperations: readonly string[];
  readonly engines: number;
  /** Which GPU was exposed to TensorFlow, as CUDA_VISIBLE_DEVICES says it. */
  readonly exposed: string | null;
}

function mappedLibrary(): string | null {
  try {
    const found = /(\/.*libtensorflow(?:_cc)?\.so\S*)$/m.exec(readFileSync("/proc/self/maps", "utf8"));
    return found?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Compiles 7 + 7 as training compiles its steps. */
function tryGraphs({ graphBinding, graphFallback, nativeBackend, ...rest }: typeof tensorflow): string | null {
  const binding = graphBinding();
  const backend = nativeBackend();
  if (!binding || !backend) return graphFallback();
  try {
    const graph = binding.createGraph();
    const { TF_ATTR_TYPE, TF_INT32 } = backend.binding;
    const seven = { dtype: TF_INT32, shape: [], values: Int32Array.of(7) };
    const attributes = [
      { name: "dtype", type: TF_ATTR_TYPE, value: TF_INT32 },
      { name: "value", type: rest.TF_ATTR_TENSOR, value: seven },
    ];
    graph.addNode("Const", "seven", attributes, []);
    graph.addNode("AddV2", "sum", [], [0, 0, 0, 0]);
    graph.defineFunction("gradamp_probe", [], [1, 0]);
    graph.dispose();
    const sum = backend.executeMultipleOutputs("gradamp_probe", [], [], 1)[0]?.dataSync()[0];
    return sum === 14 ? null : `a graph that adds 7 and 7 gave ${sum}`;
  } catch (error) {
    return `a graph failed: ${(error as Error).message}`;
  }
}

async function probe(): Promise<ProbeReport> {
  const loaded = await import("../index.js");
  const { javascriptFallback, nativeBackend, tf } = loaded;
  const backend = nativeBackend();
  // Four windows of nine ones: y = 9, d(sum y²)/dk = 4 · 2 · 9 = 72.
  const gradient = tf.tidy(() => {
    const x = tf.ones<Rank.R4>([1, 4, 4, 1]);
    const loss = (kernel: Tensor) =>
      tf
        .conv2d(x, kernel as Tensor4D, 1, "valid")
        .square()
        .sum()
        .asScalar();
    return tf
      .grad(loss)(tf.ones([3, 3, 1, 1]))
      .dataSync();
  });
  require("danfojs-node");
  return {
    tfjs: tf.version.tfjs,
    fallback: javascriptFallback,
    libtensorflow: backend ? { version: backend.binding.TF_Version, path: mappedLibrary() } : null,
    gpu: backend?.isUsingGpuDevice ?? false,
    trains: gradient.length === 9 && gradient.every((value) => Math.abs(value - 72) < 1e-3),
    noGraphs: tryGraphs(loaded),
    ownOperations: [
      ...(loaded.hasOwnBatchNorm() ? ["batch norm"] : []),
      ...(loaded.hasOwnConvolutions() ? ["3×3 convolutions"] : []),
      ...(loaded.convolvesBFloat16() ? ["3×3 convolutions in bfloat16"] : []),
    ],
    engines: countEngines(),
    exposed: process.env["CUDA_VISIBLE_DEVICES"] ?? null,
  };
}

if (require.main === module) void probe().then((report) => process.stdout.write(`${JSON.stringify(report)}\n`));
