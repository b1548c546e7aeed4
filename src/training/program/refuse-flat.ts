import { type Tensor, tf } from "../../tensorflow";

/** Kernels whose results change by no small change of what they are made of, so that no gradient passes. */
const FLAT =
  /^(ArgMax|ArgMin|Ceil|Floor|Round|Sign|Step|OneHot|Equal|NotEqual|Greater|GreaterEqual|Less|LessEqual|LogicalAnd|LogicalNot|LogicalOr|Any|All|IsNan|IsInf|IsFinite|FloorDiv)$/;

interface RecordedOp {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
}

/**
 * Refuses a loss that comes of a prediction by flat operations alone, of an argmax say: every gradient would be zero, and
 * training would go on without changing a weight. Called while the gradient's operations are being written down.
 *
 * @throws {TypeError} if no operation leads from the prediction to the loss but through a flat one, which is named
 */
export function refuseFlat(loss: Tensor, prediction: Tensor | Tensor[], what: string): void {
  const { state } = tf.engine() as unknown as { state: { activeTape?: readonly RecordedOp[] | null } };
  const steep = new Set([prediction].flat().map(({ id }) => id));
  const touched = new Set(steep);
  let flat: string | null = null;
  for (const { kernelName, inputs, outputs } of state.activeTape ?? []) {
    const made = Object.values(inputs);
    if (!made.some(({ id }) => touched.has(id))) continue;
    const passes = made.some(({ id }) => steep.has(id)) && !FLAT.test(kernelName);
    for (const output of outputs) {
      touched.add(output.id);
      if (passes && (output.dtype === "float32" || output.dtype === "complex64")) steep.add(output.id);
    }
    if (!passes) flat ??= kernelName;
  }
  if (steep.has(loss.id) || !touched.has(loss.id)) return;
  throw new TypeError(
    `Expected ${what} to change with the prediction but it comes of ${flat ?? "whole numbers"}, whose slope is zero everywhere: ` +
      "nothing would be trained; use a smooth measure, as cross-entropy is one for accuracy",
  );
}
