import type { Scalar, Tensor, Variable } from "../../tensorflow";
import type { Compiler } from "../compiler";
import type { Precision } from "../precision";

/**
 * A step that is run many times over. Tensor operations only, without a read from the device: it is called with the
 * step's index and the call's inputs, and whatever it leaves behind it leaves in `tf.Variable`s.
 */
export type LoopBody = (index: Scalar, ...inputs: Tensor[]) => void;

/** How steps are run: a whole call as one TensorFlow function, or op by op from JavaScript. */
export type EngineName = "graph" | "eager";

/** How a loop is made. */
export interface LoopOptions {
  /** Variables that the body writes and that {@link Loop.read} can read while a call runs. Default: none. */
  readonly readable?: readonly Variable[];
  /** What convolutions and matrix products compute in. Default: `"float32"`. */
  readonly precision?: Precision;
  /** `"xla"` has XLA make one program of the body. Default: `"none"`. */
  readonly compiler?: Compiler;
  /** Of the random numbers that the body draws. Default: 0. */
  readonly seed?: number;
  /** How many traces are kept, one for each combination of input types and shapes. Default: 4. */
  readonly cacheSize?: number;
  /** For profiles and messages of TensorFlow's. Default: "loop". */
  readonly name?: string;
}

/** One call of a loop. */
export interface LoopCall {
  /** Index of the first step. */
  readonly first: number;
  /** Index after the last step. */
  readonly last: number;
  /** What the body gets beside the index; may differ from call to call. */
  readonly inputs: readonly Tensor[];
  /** Called now and then with the number of steps that this call has done. */
  onStep?(done: number): void;
  /** Asked between steps; true ends the call at the next step boundary. */
  shouldStop?(): boolean;
}

/** A step made ready to be run many times. */
export interface Loop {
  /** Which engine it runs on. */
  readonly engine: EngineName;
  /**
   * Runs the steps; resolves with how many were done, which is fewer than asked for only where it was stopped.
   *
   * Calls, of several loops too, run one after the other. One that fails leaves all variables as they were. If
   * `onStep` or `shouldStop` throws, the call ends at the next step boundary and rejects with that error.
   */
  run(call: LoopCall): Promise<number>;
  /**
   * What a variable that the loop was told to keep readable holds after the latest step, also while a call runs; two
   * variables that are read one after the other may be of different steps.
   */
  read(variable: Variable): Float32Array;
  /** Stops the call that runs, if one does, and frees everything once it has ended. */
  dispose(): void;
}

export function notReadable({ name }: Variable): RangeError {
  return new RangeError(
    `Expected a variable that the loop keeps readable but found variable ${name}: name it in the option readable`,
  );
}
