import { tf } from "../tensorflow";

/**
 * Refuses what is no tensor, or none any more.
 *
 * @param name of the step or loop that they go into
 */
export function checkInputs(inputs: readonly unknown[], name: string): void {
  inputs.forEach((input, at) => {
    if (!(input instanceof tf.Tensor)) {
      throw new TypeError(
        `Expected the inputs of ${name} to be tensors but input ${at} is ${describe(input)}: wrap it, as in tf.scalar(…), ` +
          `since anything else would be frozen into the step`,
      );
    }
    if (input.isDisposed) throw new Error(`Expected the inputs of ${name} to be alive but input ${at} is disposed of`);
  });
}

function describe(input: unknown): string {
  return typeof input === "object" || input === undefined ? String(input) : `${typeof input} ${String(input)}`;
}
