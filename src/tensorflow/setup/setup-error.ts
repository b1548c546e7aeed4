/** What kept TensorFlow from being set up, and what to do about it. */
export class SetupError extends Error {
  override readonly name = "SetupError";

  constructor(
    message: string,
    /** One sentence that tells the user what to do. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
