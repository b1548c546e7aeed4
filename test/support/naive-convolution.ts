/** A convolution as its definition says, in float64: images [n, h, w, c], filter [height, width, c, k]. */
export interface ConvolutionCase {
  readonly images: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly strides: readonly [number, number];
  readonly pad: "same" | "valid";
}

/** Output size and the padding before it, along one axis. */
export function axisOf(size: number, filter: number, stride: number, pad: "same" | "valid"): [number, number] {
  if (pad === "valid") return [Math.floor((size - filter) / stride) + 1, 0];
  const out = Math.ceil(size / stride);
  return [out, Math.floor(Math.max(0, (out - 1) * stride + filter - size) / 2)];
}

/** Calls back with the places of the factors of each product: an output's, an image's and the filter's. */
function eachProduct(
  { images: [n, h, w, c], filter: [height, width, , k], strides: [down, right], pad }: ConvolutionCase,
  call: (output: number, image: number, weight: number) => void,
): void {
  const [rows, top] = axisOf(h, height, down, pad);
  const [columns, left] = axisOf(w, width, right, pad);
  for (let image = 0; image < n; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let dy = 0; dy < height; dy++)
          for (let dx = 0; dx < width; dx++) {
            const [y, x] = [row * down + dy - top, column * right + dx - left];
            if (y < 0 || y >= h || x < 0 || x >= w) continue;
            for (let from = 0; from < c; from++)
              for (let to = 0; to < k; to++)
                call(
                  ((image * rows + row) * columns + column) * k + to,
                  ((image * h + y) * w + x) * c + from,
                  ((dy * width + dx) * c + from) * k + to,
                );
          }
}

/** What a convolution gives, and the gradients by images and filter of its sum weighted by `weights`. */
export function naiveConvolution(
  each: ConvolutionCase,
  images: ArrayLike<number>,
  filter: ArrayLike<number>,
  weights: ArrayLike<number>,
): Float64Array[] {
  const [output, dImages, dFilter] = [weights.length, images.length, filter.length].map(
    (length) => new Float64Array(length),
  ) as [Float64Array, Float64Array, Float64Array];
  eachProduct(each, (o, i, f) => {
    output[o]! += images[i]! * filter[f]!;
    dImages[i]! += weights[o]! * filter[f]!;
    dFilter[f]! += weights[o]! * images[i]!;
  });
  return [output, dImages, dFilter];
}
