import { atLeast0, checkOptions, integer, orNull } from "../options";
import { attribute, type DataType, type initializers, nativeBackend, rawOp, type Tensor, type Tensor2D, tf } from "../tensorflow"; // prettier-ignore

type Initializer = ReturnType<typeof initializers.zeros>;

/** tfjs does not export the class that its initialisers extend, and takes no others. */
const BaseInitializer = Object.getPrototypeOf(tf.initializers.zeros().constructor) as new () => Initializer;

/** Options of {@link orthogonal} and {@link deltaOrthogonal}. */
export interface OrthogonalOptions {
  /** What the matrix is multiplied by: √2 where ReLUs follow, as He's initialiser. Default: 1. */
  readonly gain?: number;
  /** Any integer but 0 (which tfjs takes for "unseeded"); null draws anew each time. Default: null. */
  readonly seed?: number | null;
}

/**
 * `gain` times a random matrix whose rows or columns, whichever are fewer, are orthonormal: uniform by Haar's measure, which Q
 * of a Gaussian matrix is where R's diagonal is above 0.
 */
function orthonormal(rows: number, columns: number, gain: number, seed: number | null): Tensor2D {
  return tf.tidy(() => {
    const size: [number, number] = [Math.max(rows, columns), Math.min(rows, columns)];
    const gaussian = tf.randomNormal(size, 0, 1, "float32", seed ?? undefined) as Tensor2D;
    const attributes = { T: attribute.type("float32"), full_matrices: attribute.bool(false) };
    const [q, r] = nativeBackend() ? rawOp("Qr", attributes, [gaussian], 2) : tf.linalg.qr(gaussian, false);
    // The diagonal without tf.diagPart, which tfjs has not.
    const diagonal = tf.sum(tf.mul(r!, tf.eye(size[1])), 0);
    const signs = tf.where(tf.less(diagonal, 0), tf.fill([size[1]], -gain), tf.fill([size[1]], gain));
    const scaled = tf.mul(q!, signs) as Tensor2D;
    return rows < columns ? (tf.transpose(scaled) as Tensor2D) : scaled;
  });
}

/** Saved under the name and with the options of tfjs's own, so that stock tfjs loads a model that has it. */
class Orthogonal extends BaseInitializer {
  static readonly className: string = "Orthogonal";
  readonly gain: number;
  readonly seed: number | null;

  constructor(config: OrthogonalOptions) {
    super();
    this.gain = config.gain ?? 1;
    this.seed = config.seed ?? null;
  }

  override apply(shape: number[], _dtype?: DataType): Tensor {
    const columns = this.#columnsOf(shape);
    const rows = tf.util.sizeFromShape(shape.slice(0, -1));
    return tf.tidy(() => tf.reshape(orthonormal(rows, columns, this.gain, this.seed), shape));
  }

  override getConfig(): { gain: number; seed: number } {
    // null is not in tfjs's type, and is what its own initialisers write for "unseeded".
    return { gain: this.gain, seed: this.seed as number };
  }

  #columnsOf(shape: readonly number[]): number {
    if (shape.length >= 2) return shape.at(-1)!;
    throw new RangeError(
      `Expected a kernel of at least two axes for orthogonal weights but found [${shape.join(", ")}]: use them for kernels only`,
    );
  }
}

/** Zero but in the kernel's middle, where it is orthogonal: a convolution that mixes channels and leaves positions alone. */
export class DeltaOrthogonal extends Orthogonal {
  static override readonly className = "DeltaOrthogonal";

  override apply(shape: number[], dtype?: DataType): Tensor {
    if (shape.length < 3) return super.apply(shape, dtype);
    const sides = shape.slice(0, -2);
    const [inputs, outputs] = shape.slice(-2) as [number, number];
    const before = sides.map((side) => Math.floor((side - 1) / 2));
    return tf.tidy(() => {
      const middle = tf.reshape(orthonormal(inputs, outputs, this.gain, this.seed), [...sides.map(() => 1), inputs, outputs]); // prettier-ignore
      const padding = sides.map((side, axis): [number, number] => [before[axis]!, side - 1 - before[axis]!]);
      return tf.pad(middle, [...padding, [0, 0], [0, 0]]);
    });
  }
}

function checked(name: string, options: OrthogonalOptions): OrthogonalOptions {
  checkOptions(name, options, { gain: atLeast0, seed: orNull(integer) });
  if (options.seed === 0) throw new RangeError("Expected seed to be an integer other than 0, or null, but found 0");
  return options;
}

/**
 * Orthogonal kernels: of the matrix [height × width × input channels, output channels], or [inputs, units] of a dense layer, the
 * rows or columns, whichever are fewer, are orthonormal, times `gain`.
 *
 * By TensorFlow's QR, where tfjs's own initialiser of this name takes minutes for a wide layer and warns of it; saved as that,
 * so that stock tfjs loads the model. Equal seeds give equal weights. Source: Saxe, McClelland and Ganguli 2014; PyTorch's
 * `nn.init.orthogonal_`.
 *
 * @param options gain and seed
 * @throws {RangeError} if gain is below 0 or the seed is 0, or where it is used for weights of one axis
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const kernelInitializer = ga.orthogonal({ gain: Math.SQRT2, seed: 1 });
 * const layer = tf.layers.dense({ units: 10, inputShape: [64], kernelInitializer });
 */
export function orthogonal(options: OrthogonalOptions = {}): Initializer {
  return new Orthogonal(checked("orthogonal", options));
}

/**
 * Delta-orthogonal kernels of convolutions: zero but in the middle, where the matrix [input channels, output channels] is
 * orthogonal, times `gain`; {@link orthogonal} for dense layers.
 *
 * With it a convolution keeps each gradient's norm but for what runs over the image's border, so that plain networks of
 * thousands of layers trained. Where a convolution has more inputs than outputs its columns are orthonormal, and the norm is not kept.
 * A model that has it is loaded wherever gradamp was imported, not by stock tfjs. Source: Xiao et al. 2018, algorithm 1.
 *
 * @param options gain and seed
 * @throws {RangeError} if gain is below 0 or the seed is 0, or where it is used for weights of one axis
 * @example
 * import * as ga from "gradamp";
 * const { tf } = ga;
 * const kernelInitializer = ga.deltaOrthogonal({ seed: 1 });
 * const layer = tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [32, 32, 3], kernelInitializer });
 */
export function deltaOrthogonal(options: OrthogonalOptions = {}): Initializer {
  return new DeltaOrthogonal(checked("deltaOrthogonal", options));
}
