import { hasMatrixTiles } from "./matrix-tiles";
import { type GraphFunctions, NativeGraph, type TensorInfo } from "./native-graph";
import { nativeBackend } from "./raw-op";
import { runsOnGpu } from "./runs-on-gpu";
import { isOfStockOps } from "./stock-ops";
import { javascriptFallback } from "./loaded-tf";

/** A tensor in tfjs's table, as executeOp returns it. */
export interface TensorEntry {
  readonly id: number;
  readonly dtype: number;
  readonly shape: number[];
}

/** What gradamp adds to tfjs-node's addon: TensorFlow's graphs and functions, and calls off JavaScript's thread. */
export interface GraphBinding {
  createGraph(): NativeGraph;

  /**
   * Runs a function on a thread of its own while JavaScript goes on; several calls may run at once.
   *
   * The inputs are held until the call is over, so they may be disposed of meanwhile. `process.exit()` does not wait
   * for it; the natural end of the program does.
   *
   * @param outputs how many tensors the function returns
   * @returns the results, entered in tfjs's table: who calls owns them
   * @throws {Error} if there is no such function or tensor, or the call fails: the promise rejects with TensorFlow's
   *   message
   */
  executeAsync(functionName: string, inputIds: readonly number[], outputs: number): Promise<TensorEntry[]>;

  hasFunction(name: string): boolean;

  /**
   * Forgets a function and the code made for it. A call that runs comes to its end.
   *
   * @throws {Error} if there is none
   */
  removeFunction(name: string): void;

  /** True type (uint8, resource, …) and shape of the tensor that tfjs knows by an id. */
  tensorInfo(id: number): TensorInfo;

  /**
   * Copies a numeric tensor into memory of TensorFlow's own.
   *
   * A tensor made from a typed array lies in that array: assigned to a resource variable it would be written to by ops
   * that work in place. On a card, which has memory of its own, nothing is copied.
   */
  copyTensor(id: number): TensorEntry;

  /**
   * Whether a GPU may shorten the factors of float32 products to 19 bits (TensorFloat-32); holds for the process, and
   * from TensorFlow's side it may. Means nothing on a CPU.
   *
   * @throws {Error} if this TensorFlow has no such switch
   */
  setTensorFloat32(allowed: boolean): void;

  /**
   * Whether every op must give the same bits from run to run, or fail; holds for the process.
   *
   * @throws {Error} if this TensorFlow has no such switch
   */
  setOpDeterminism(required: boolean): void;

  /**
   * Begins to note when each op runs, until {@link stopProfile}.
   *
   * @throws {Error} if it is done already, in whichever thread, or the profiler cannot be reached
   */
  startProfile(): void;

  /** What was noted since {@link startProfile}, as a serialized tensorflow.profiler.XSpace. */
  stopProfile(): ArrayBuffer;
}

interface Functions extends GraphFunctions, Omit<GraphBinding, "createGraph"> {
  readonly interface: number;
  readonly hasBatchNorm: boolean;
  readonly hasConvolutions: boolean;
  readonly hasIm2col: boolean;
  readonly hasMaxPool: boolean;
  readonly hasOutputStatistics: boolean;
  readonly convolvesBFloat16: boolean;
}

/** The addon's kInterface that this file was written for. */
const INTERFACE = 9;

let binding: GraphBinding | null = null;

/**
 * TensorFlow's graphs and functions; null where they are out of reach, for which {@link graphFallback} gives the
 * reason.
 */
export function graphBinding(): GraphBinding | null {
  if (graphFallback() !== null) return null;
  const functions = addonFunctions() as Functions;
  binding ??= {
    createGraph: () => new NativeGraph(functions),
    // What cannot even begin is refused in the same way as what fails.
    executeAsync: async (name, inputIds, outputs) => functions.executeAsync(name, inputIds, outputs),
    hasFunction: functions.hasFunction,
    removeFunction: functions.removeFunction,
    tensorInfo: functions.tensorInfo,
    copyTensor: functions.copyTensor,
    setTensorFloat32: functions.setTensorFloat32,
    setOpDeterminism: functions.setOpDeterminism,
    startProfile: functions.startProfile,
    stopProfile: functions.stopProfile,
  };
  return binding;
}

/** Why TensorFlow's graphs cannot be used, so that everything runs op by op; null where they can. */
export function graphFallback(): string | null {
  if (!nativeBackend())
    return javascriptFallback === null
      ? "another backend than TensorFlow's is chosen"
      : `tfjs runs in plain JavaScript: ${javascriptFallback}`;
  const functions = addonFunctions();
  if (!functions) return "tfjs-node's addon was not built by `gradamp setup`";
  return functions.interface === INTERFACE ? null : "the addon was built from another gradamp's sources";
}

/** What the addon tells that it brings. */
type Own =
  "hasBatchNorm" | "hasConvolutions" | "hasIm2col" | "hasMaxPool" | "hasOutputStatistics" | "convolvesBFloat16";

/** Ops that the addon brings, all made for CPUs; GRADAMP_STOCK_OPS=1 leaves everything to TensorFlow's own. */
const onProcessor = (has: Own) =>
  graphFallback() === null &&
  (addonFunctions() as Functions)[has] &&
  !runsOnGpu() &&
  !isOfStockOps() &&
  process.env["GRADAMP_STOCK_OPS"] !== "1";

/** Whether GradampBatchNorm and its gradient can be run. */
export const hasOwnBatchNorm = (): boolean => onProcessor("hasBatchNorm");

/** Whether GradampConv2D and its gradients can be run. */
export const hasOwnConvolutions = (): boolean => onProcessor("hasConvolutions");

/** Whether GradampIm2col can be run. */
export const hasOwnIm2col = (): boolean => onProcessor("hasIm2col");

/** Whether GradampMaxPoolGrad can be run. */
export const hasOwnMaxPool = (): boolean => onProcessor("hasMaxPool");

/** Whether GradampOutputStatistics can be run. */
export const hasOwnOutputStatistics = (): boolean => onProcessor("hasOutputStatistics");

/**
 * Whether GradampConv2D is to be in bfloat16: the processor must multiply it, and oneDNN must not be faster, as it is where
 * it has matrix tiles.
 */
export const convolvesBFloat16 = (): boolean => onProcessor("convolvesBFloat16") && !hasMatrixTiles();

const addonFunctions = () => (nativeBackend()?.binding as { gradamp?: Functions } | undefined)?.gradamp;
