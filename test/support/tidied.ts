import { tf } from "../../src/tensorflow";

/** `tf.tidy` for work whose result holds no tensors. */
export function tidied<Result>(work: () => Result): Result {
  let result: Result | undefined;
  tf.tidy(() => {
    result = work();
  });
  return result!;
}
