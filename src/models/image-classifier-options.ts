import type { InitializerName } from "./network-builder";

/** Options of {@link vgg19} and of the residual networks. */
export interface ImageClassifierOptions {
  /** Number of classes, the size of the output. Default 10. */
  readonly classes?: number;
  /** Channels of the first convolution; all others are in proportion. Default 64. */
  readonly width?: number;
  /** [height, width, channels] of an image. Default [32, 32, 3]. */
  readonly inputShape?: readonly [number, number, number];
  /** Fixes the initial weights; equal seeds, equal weights. Default 0. */
  readonly seed?: number;
  /** How kernels and biases start: PyTorch's U(±1/√fan-in) for both, or a kernel initialiser and zero biases. Default "torch". */
  readonly initializer?: InitializerName;
}
