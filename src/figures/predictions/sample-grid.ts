import { anyNumber, checkArgument, checkOptions, listOf, orNull, texts, whole } from "../../options";
import { FIGURE_KINDS, baseLayout, type FigureOptions } from "../parts/figure-options";
import type { PlotlyAnnotation, PlotlySpec } from "../parts/plotly-spec";
import { theme } from "../parts/theme";
import { pngOfPixels } from "./png-of-pixels";

/** Images, as `await tensor.data()` gives them, and what is known of them. */
export interface Samples {
  /** Row by row, channels last. */
  pixels: ArrayLike<number>;
  /** `[images, height, width, channels]`; one channel is grey, three are red, green and blue. */
  shape: readonly number[];
  /** The right class of each, from 0. Default: none is said. */
  labels?: ArrayLike<number>;
  /** The class that a network chose for each, from 0. Default: none is said. */
  predicted?: ArrayLike<number>;
}

/** Options of `ga.figure.sampleGrid`. */
export interface SampleGridOptions extends FigureOptions {
  /** Names of the classes, in their order. Default: their numbers. */
  classes?: readonly string[];
  /** Images in a row. Default: 8, or fewer where there are fewer. */
  columns?: number;
  /** The most images that are shown. Default: 40. */
  limit?: number;
  /** Pixel values that are black and white. Default: null, the lowest and the highest that occur. */
  range?: readonly [number, number] | null;
}

/**
 * Images side by side, each with its class below it and, where a network chose another, with that one in red.
 *
 * @param samples Samples of a data set: inputs, and labels where there are any.
 * @param options Any of `SampleGridOptions`; none is needed.
 * @throws {RangeError} for a shape that is not `[images, height, width, channels]` or does not fit the pixels or labels
 * @example
 * import * as ga from "gradamp";
 * const pixels = Array.from({ length: 2 * 4 * 4 * 3 }, (_, at) => at / 96);
 * const figure = ga.figure.sampleGrid(
 *   { pixels, shape: [2, 4, 4, 3], labels: [0, 1], predicted: [0, 0] },
 *   { classes: ["cat", "dog"] },
 * );
 */
export function sampleGrid(samples: Samples, options: SampleGridOptions = {}): PlotlySpec {
  checkOptions("figure.sampleGrid", options, {
    ...FIGURE_KINDS,
    classes: texts,
    columns: whole(1),
    limit: whole(1),
    range: orNull(listOf(anyNumber, "[darkest, brightest]")),
  });
  checkArgument(samples, "samples, as of a data set,", "pixels");
  const { limit = 40, range = null, classes } = options;
  const look = theme(options.theme);
  const [count, height, width, channels] = checked(samples);
  if (!Number.isInteger(limit) || limit < 1)
    throw new RangeError(`Expected limit to be an integer of at least 1 but found ${limit}`);
  const shown = Math.min(count, limit);
  const columns = options.columns ?? Math.min(8, shown);
  if (!Number.isInteger(columns) || columns < 1)
    throw new RangeError(`Expected columns to be an integer of at least 1 but found ${columns}`);
  const rows = Math.ceil(shown / columns);
  // Where images stand: a tenth of their size apart, and with room for their names below.
  const gap = Math.max(1, Math.round(width / 10));
  const named = samples.labels !== undefined || samples.predicted !== undefined;
  const below = named ? Math.max(2, Math.round(height * (samples.labels && samples.predicted ? 0.75 : 0.36))) : gap;
  const [across, down] = [columns * (width + gap), rows * (height + below)];
  const pixels = new Uint8Array(4 * across * down);
  const each = height * width * channels;
  const [low, high] = range ?? ends(samples.pixels, shown * each);
  const level = (value: number) => Math.round(Math.min(1, Math.max(0, (value - low) / (high - low || 1))) * 255);
  for (let image = 0; image < shown; image++) {
    const [left, top] = [(image % columns) * (width + gap), Math.floor(image / columns) * (height + below)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const from = image * each + (y * width + x) * channels;
        const to = 4 * ((top + y) * across + left + x);
        for (let channel = 0; channel < 3; channel++)
          pixels[to + channel] = level(Number(samples.pixels[from + Math.min(channel, channels - 1)]));
        pixels[to + 3] = 255;
      }
  }
  const nameOf = (value: number | undefined) => (value === undefined ? "" : (classes?.[value] ?? String(value)));
  const annotations = Array.from({ length: named ? shown : 0 }, (_, image): PlotlyAnnotation => {
    const [label, said] = [samples.labels?.[image], samples.predicted?.[image]];
    const wrong = label !== undefined && said !== undefined && label !== said;
    return {
      text: wrong ? `${nameOf(said)}<br>not ${nameOf(label)}` : nameOf(label ?? said),
      x: (image % columns) * (width + gap) + width / 2 - 0.5,
      y: Math.floor(image / columns) * (height + below) + height,
      room: width + gap,
      yanchor: "top",
      showarrow: false,
      font: { size: 10, ...(wrong ? { color: look.amplified, weight: "bold" } : {}) },
    };
  });
  const hidden = { visible: false, showgrid: false } as const;
  const left = count - shown;
  const base = baseLayout(options, {
    title: left > 0 ? `Samples, ${shown} of ${count.toLocaleString("en-US")}` : "Samples",
    height: Math.round(90 + (900 * down) / across),
  });
  return {
    data: [{ type: "image", source: pngOfPixels(pixels, across, down), hoverinfo: "skip", x: [], y: [] }],
    layout: {
      ...base,
      meta: { ...base.meta, aspect: down / across },
      annotations,
      xaxis: { ...hidden, range: [-0.5, across - 0.5], constrain: "domain" },
      yaxis: { ...hidden, range: [down - 0.5, -0.5], scaleanchor: "x", constrain: "domain" },
    },
  };
}

function checked({ pixels, shape, labels, predicted }: Samples): [number, number, number, number] {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const whole = shape.length === 4 && shape.every((size) => Number.isInteger(size) && size > 0);
  if (!whole || (channels !== 1 && channels !== 3))
    throw new RangeError(
      `Expected a shape [images, height, width, channels] with 1 or 3 channels but found [${shape.join(", ")}]`,
    );
  const size = count * height * width * channels;
  if (pixels.length !== size)
    throw new RangeError(`Expected ${size} pixel values for shape [${shape.join(", ")}] but found ${pixels.length}`);
  for (const [name, list] of [
    ["labels", labels],
    ["predicted", predicted],
  ] as const)
    // prettier-ignore
    if (list !== undefined && list.length !== count)
      throw new RangeError(`Expected ${name} of ${count} images but found ${list.length}`);
  return [count, height, width, channels];
}

function ends(pixels: ArrayLike<number>, length: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < length; at++) {
    const value = Number(pixels[at]);
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return low > high ? [0, 1] : [low, high];
}
