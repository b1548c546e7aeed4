import { checkOptions, number, text } from "../options";
import { type layers, type Tensor, tf } from "../tensorflow";

type Layer = layers.Layer;

/** Options of {@link stochasticDepth}. */
export interface StochasticDepthOptions {
  /** Share of the samples whose branch is left out in a training step, in [0, 1). */
  readonly rate: number;
  /** Name of the layer. Default: one that tfjs makes up. */
  readonly name?: string;
}

export class StochasticDepth extends tf.layers.Layer {
  static readonly className = "StochasticDepth";
  readonly rate: number;

  constructor(config: { rate: number; name?: string }) {
    super(config);
    this.rate = config.rate;
    this.supportsMasking = true;
  }

  override computeOutputShape(shape: Parameters<Layer["computeOutputShape"]>[0]) {
    return shape;
  }

  override call(...[inputs, kwargs]: Parameters<Layer["call"]>): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (!kwargs["training"] || this.rate === 0) return tf.tidy(() => x.clone());
    return tf.tidy(() => {
      const drawn = tf.randomUniform([x.shape[0]!, ...x.shape.slice(1).map(() => 1)], 0, 1);
      const kept = tf.cast(tf.greaterEqual(drawn, this.rate), "float32");
      return tf.mul(x, tf.div(kept, 1 - this.rate));
    });
  }

  override getConfig(): ReturnType<Layer["getConfig"]> {
    return { ...super.getConfig(), rate: this.rate };
  }
}

/**
 * Stochastic depth (Huang et al. 2016): the branch of a residual block that ends in this layer is left out in training, for each
 * sample with probability `rate`, and divided by `1 − rate` where it is kept; it passes unchanged otherwise. As
 * `torchvision.ops.StochasticDepth(rate, "row")` and timm's `DropPath`.
 *
 * Put it at the end of the branch, before the sum. Which samples are left out comes from the run's seed and the step.
 *
 * @param options rate and name
 * @throws {RangeError} if the rate does not lie in [0, 1)
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const input = tf.input({ shape: [16] });
 * const branch = tf.layers.dense({ units: 16, activation: "relu" }).apply(input);
 * const kept = ga.stochasticDepth({ rate: 0.2 }).apply(branch);
 * const sum = tf.layers.add().apply([input, kept as typeof input]);
 * const model = tf.model({ inputs: input, outputs: sum as typeof input });
 * console.log(model.countParams()); // 272
 */
export function stochasticDepth(options: StochasticDepthOptions): Layer {
  checkOptions("stochasticDepth", options, {
    rate: { ...number("to lie in [0, 1)", (found) => found >= 0 && found < 1), required: true },
    name: text,
  });
  const { rate, name } = options;
  return new StochasticDepth({ rate, ...(name === undefined ? {} : { name }) });
}
