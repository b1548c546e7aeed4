import { checkArgument } from "../options";
import {
  attribute,
  isRecordingGradients,
  nativeBackend,
  rawOp,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tf,
} from "../tensorflow";

const ATTRIBUTES = { T: attribute.type("float32"), Tlabels: attribute.type("int32") };

/**
 * Cross-entropy of each sample between the softmax of its logits and its class, with its gradient.
 *
 * One TensorFlow op on the native backend (whose by-product is the gradient); composed of tfjs's ops elsewhere. Take
 * `tf.mean` of the result for the loss that PyTorch's `cross_entropy` gives.
 *
 * @param logits float32 [batch, classes]
 * @param labels int32 [batch], each from 0 to classes − 1; a float32 tensor of whole numbers is taken too
 * @returns float32 [batch], in nats
 * @throws {TypeError} if the shapes do not match
 * @example
 * import { tf } from "gradamp";
 * import * as advanced from "gradamp/advanced";
 * const losses = advanced.sparseSoftmaxCrossEntropy(tf.zeros([2, 100]), tf.tensor1d([3, 99], "int32"));
 * losses.print(); // 4.605 = ln 100, twice
 */
export function sparseSoftmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  checkArgument(logits, "logits, a tensor,", "shape");
  checkArgument(labels, "labels, a tensor,", "shape");
  if (logits.rank !== 2 || labels.rank !== 1 || logits.shape[0] !== labels.shape[0])
    throw new TypeError(
      `Expected logits [batch, classes] and labels [batch] but found [${logits.shape}] and [${labels.shape}]`,
    );
  return tf.tidy(() => {
    const classes = labels.dtype === "int32" ? labels : (labels.toInt() as Tensor1D);
    if (!nativeBackend()) {
      const picked = tf.mul(tf.logSoftmax(logits), tf.oneHot(classes, logits.shape[1]).toFloat());
      return tf.neg(tf.sum(picked, 1)) as Tensor1D;
    }
    const op = tf.customGrad((x, save) => {
      const [losses, backprop] = rawOp("SparseSoftmaxCrossEntropyWithLogits", ATTRIBUTES, [x as Tensor, classes], 2);
      (save as (tensors: Tensor[]) => void)([backprop!, x as Tensor, classes]);
      return {
        value: losses!,
        gradFunc: (dy: Tensor, [kept, again, of]: Tensor[]) => {
          // The by-product cannot be differentiated once more.
          const slope = isRecordingGradients()
            ? tf.sub(tf.softmax(again!), tf.oneHot(of as Tensor1D, logits.shape[1]))
            : kept!;
          return tf.mul(dy.expandDims(1), slope);
        },
      };
    });
    return op(logits) as Tensor1D;
  });
}
