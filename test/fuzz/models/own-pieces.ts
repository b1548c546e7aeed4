import { type Scalar, type Tensor, tf } from "../../../src/tensorflow";

/** A layer of somebody's own: the slope's square times x, plus x² where x is above 0. */
class Curve extends tf.layers.Layer {
  override build(): void {
    this.addWeight("slope", [1], "float32", tf.initializers.constant({ value: 0.7 }));
    this.built = true;
  }

  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat() as [Tensor];
    return tf.tidy(() => {
      const slope = tf.square(this.weights[0]!.read());
      return tf.where(tf.greater(x, 0), tf.add(tf.square(x), tf.mul(x, slope)), tf.mul(x, slope));
    });
  }

  static get className(): string {
    return "FuzzCurve";
  }
}
tf.serialization.registerClass(Curve);

/** What the scripts of models call beside tfjs and gradamp. */
export const own = {
  curve: () => new Curve({}),
  /** The mean square of the distance from one-hot targets. */
  squares: function squares(prediction: Tensor | Tensor[], target: Tensor): Scalar {
    const output = prediction as Tensor;
    return tf.mean(tf.square(tf.sub(output, tf.oneHot(target, output.shape[1]!))));
  },
  /** One loss a sample. */
  distances: function distances(prediction: Tensor | Tensor[], target: Tensor): Tensor {
    const output = prediction as Tensor;
    return tf.mean(tf.abs(tf.sub(output, tf.oneHot(target, output.shape[1]!))), 1);
  },
};
