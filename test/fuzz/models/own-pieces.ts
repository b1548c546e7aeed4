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

/** A float32 number rounded to eight binary digits, as bfloat16 has them: Veltkamp's splitting. */
function shortened(x: Tensor): Tensor {
  const scaled = tf.mul(x, 2 ** 16 + 1);
  return tf.sub(scaled, tf.sub(scaled, x));
}

const shortenedBothWays = tf.customGrad((x) => ({
  value: shortened(x as Tensor),
  gradFunc: (dy: Tensor) => shortened(dy),
}));

/** Rounds what goes through it to bfloat16, and its gradient, while all else stays in float32. */
class Shortened extends tf.layers.Layer {
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return shortenedBothWays([inputs].flat()[0]!);
  }

  static get className(): string {
    return "FuzzShortened";
  }
}
tf.serialization.registerClass(Shortened);

/** What the scripts of models call beside tfjs and gradamp. */
export const own = {
  curve: () => new Curve({}),
  shortened: () => new Shortened({}),
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
