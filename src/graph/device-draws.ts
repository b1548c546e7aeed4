import { type Tensor1D, tf, type Variable, withDeviceRandom } from "../tensorflow";

/** The random numbers of a step that is run again and again: each run goes on where the one before ended. */
export class DeviceDraws {
  /** Seed and number of runs. */
  readonly #state: Variable;

  /** @throws {RangeError} if the seed is no whole number */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`Expected seed to be a whole number but found ${seed}`);
    this.#state = tf.tidy(() => tf.variable(tf.tensor1d([seed, 0], "int32"), false));
  }

  /** Gone with `dispose()`, or with everybody's variables by `tf.disposeVariables()`. */
  get isDisposed(): boolean {
    return this.#state.isDisposed;
  }

  during<Result>(step: () => Result): Result {
    return tf.tidy(() => {
      const result = withDeviceRandom(this.#state as Variable & Tensor1D, step);
      this.#state.assign(tf.add(this.#state, tf.tensor1d([0, 1], "int32")));
      return result as never;
    });
  }

  dispose(): void {
    this.#state.dispose();
  }
}
