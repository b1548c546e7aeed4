import type { Scalar, Tensor, Variable } from "../tensorflow";

/**
 * A step that is run many times over.  Tensor operations only, without a read from the device: it is called with the
 * step's index and the call's inputs, and whatever it leaves behind it leaves in `tf.Variable`s.
 */
export type LoopBody = (index: Scalar, ...inputs: Tensor[]) => void;

/** How steps are run: a whole call as one TensorFlow function, or op by op from JavaScript. */
export type EngineName = "graph" | "eager";

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
  readonly engine: EngineName;
  /** Runs the steps; resolves with how many were done, which is fewer than asked for only where it was stopped. */
  run(call: LoopCall): Promise<number>;
  /** What a variable that the loop was told to keep readable holds after the latest step, also while a call runs. */
  read(variable: Variable): Promise<Float32Array>;
  dispose(): void;
}
