import { forwardLayers } from "../../src/models/forward-layers";
import type { LayersModel } from "../../src/tensorflow";

/** One convolution or matrix product of a training step: what TensorFlow is asked to compute, and how often. */
export interface MatrixProduct {
  readonly op: "Conv2D" | "Conv2DBackpropInput" | "Conv2DBackpropFilter" | "MatMul";
  /**
   * Of the convolution that this is or belongs to: images [batch, height, width, in]. Of a matrix product: the left
   * matrix as it lies in memory.
   */
  readonly left: readonly number[];
  /** The kernel [height, width, in, out]; the right matrix as it lies in memory. */
  readonly right: readonly number[];
  /** Of convolutions; 1 for matrix products. */
  readonly stride: number;
  /** Of convolutions. */
  readonly padding: "SAME" | "VALID";
  /** Which of the two matrices are transposed before they are multiplied. */
  readonly transpose: readonly [boolean, boolean];
  /** How often a step computes it. */
  readonly count: number;
  /** Floating-point operations of one of them: two for each multiplication that is added up, padding included. */
  readonly flops: number;
}

/**
 * The convolutions and matrix products of one training step, equal ones taken together: forward, and backward for kernels
 * and inputs. The first layer's input needs no gradient.
 *
 * @throws {TypeError} where the model has layers with kernels other than Conv2D and Dense
 */
export function matrixProducts(model: LayersModel, batch: number): MatrixProduct[] {
  const products = new Map<string, MatrixProduct>();
  const add = (product: Omit<MatrixProduct, "count">) => {
    const key = JSON.stringify(product);
    products.set(key, { ...product, count: (products.get(key)?.count ?? 0) + 1 });
  };
  let first = true;
  for (const layer of forwardLayers(model)) {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith("/kernel"));
    if (!kernel) continue;
    const right = kernel.shape as number[];
    const left = [batch, ...shapeOf(layer.input)];
    if (layer.getClassName() === "Conv2D") {
      const { strides, padding } = layer.getConfig() as { strides: number[]; padding: string };
      const [, height = 0, width = 0] = (layer.output as { shape: number[] }).shape;
      const flops = 2 * batch * height * width * right.reduce((product, size) => product * size, 1);
      const shared = {
        ...{ left, right, flops, stride: strides[0]!, transpose: [false, false] as const },
        padding: padding.toUpperCase() as MatrixProduct["padding"],
      };
      add({ op: "Conv2D", ...shared });
      if (!first) add({ op: "Conv2DBackpropInput", ...shared });
      add({ op: "Conv2DBackpropFilter", ...shared });
    } else if (layer.getClassName() === "Dense") {
      const [units, out] = right as [number, number];
      const shared = { op: "MatMul", stride: 1, padding: "VALID", flops: 2 * batch * units * out } as const;
      add({ ...shared, left, right, transpose: [false, false] });
      if (!first) add({ ...shared, left: [batch, out], right, transpose: [false, true] });
      add({ ...shared, left, right: [batch, out], transpose: [true, false] });
    } else {
      throw new TypeError(`Expected kernels in Conv2D and Dense layers only but found ${layer.getClassName()}`);
    }
    first = false;
  }
  return [...products.values()];
}

/** Shape of one sample of a layer's input. */
function shapeOf(input: unknown): number[] {
  return (input as { shape: number[] }).shape.slice(1);
}

/** Floating-point operations of a step's convolutions and matrix products. */
export function flopsPerStep(products: readonly MatrixProduct[]): number {
  return products.reduce((sum, { flops, count }) => sum + flops * count, 0);
}
