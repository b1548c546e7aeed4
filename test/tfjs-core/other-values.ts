import { type Tensor, tf } from "../../src/tensorflow";

/**
 * A tensor of the same shape and type with other values that fit where the first ones did: the same numbers in another
 * order, and smaller where they need not be whole.
 */
export function otherValues(tensor: Tensor): Tensor {
  return tf.tidy(() => {
    if (tensor.dtype === "complex64") return tf.complex(otherValues(tf.real(tensor)), otherValues(tf.imag(tensor)));
    const values = [...(tensor.dataSync() as Iterable<unknown>)];
    const turned = [...values.slice(1), ...values.slice(0, 1)];
    const others = tensor.dtype === "float32" ? turned.map((value) => (value as number) * 0.75) : turned;
    return tf.tensor(others as number[], tensor.shape, tensor.dtype);
  });
}
