import type { HistogramRange } from "../rows";
import {
  field,
  type Filled,
  type Given,
  type Kind,
  listOf,
  number,
  objectOf,
  oneOf,
  readFields,
  refuse,
} from "../options";

/**
 * The statistics that can be asked for; `STATISTICS` says what each is and which columns it adds to the gradient rows.
 */
export const STATISTIC_NAMES = [
  "gradientFlow",
  "norms",
  "health",
  "weights",
  "updates",
  "amplification",
  "quantiles",
  "histogram",
  "outputs",
  "directionality",
  "rank",
  "noise",
] as const;
/** The name of a statistic, or of a group of them, as in `measure: { statistics: ["norms"] }`. */
export type StatisticName = (typeof STATISTIC_NAMES)[number];

/** 2⁻⁷² to 2⁸, 2e-22 to 256: from the vanished gradients of VGG38 (1e-19) to exploding ones, two octaves a bin. */
export const HISTOGRAM_RANGE: HistogramRange = { low: -72, high: 8 };

const edge = number("to be a number", () => true);
const HISTOGRAM = {
  low: field(edge, -72, "log₂ of the first bin's lower edge"),
  high: field(edge, 8, "log₂ of the last bin's upper edge"),
} as const;

/** Edges of histograms as an option. */
export const histogramRange: Kind<HistogramRange> = {
  ...objectOf(HISTOGRAM),
  read(value, name) {
    const range = readFields(HISTOGRAM, value, { name });
    if (!(range.low < range.high))
      throw new RangeError(`Expected ${name}.low to lie below ${name}.high but found ${range.low} and ${range.high}`);
    return range;
  },
  fromText(text) {
    const [low, high, ...rest] = text.split(",").map(Number);
    return rest.length > 0 ? text : { low, high };
  },
};

const every: Kind<"epoch" | number | { readonly log: number }> = {
  expected: 'to be "epoch", a whole number of steps or { log: n }',
  read(value, name) {
    if (value === "epoch") return value;
    const isLog = typeof value === "object" && value !== null && Object.keys(value).join() === "log";
    const times = isLog ? (value as { log: unknown }).log : value;
    if (!(Number.isSafeInteger(times) && (times as number) > 0))
      refuse(name, this.expected, value, typeof times === "number" || typeof value === "string");
    return value as number;
  },
  fromText(text) {
    const [, log] = /^log\s*(\d+)$/.exec(text) ?? [];
    if (log !== undefined) return { log: Number(log) };
    return text === "epoch" || Number.isNaN(Number(text)) ? text : Number(text);
  },
};

const statistic = oneOf(...STATISTIC_NAMES);

/** What is measured during training, and when. */
export const MEASURE = {
  /** Default: `["gradientFlow"]`; see `STATISTICS`. */
  statistics: field(
    listOf({ ...statistic, read: (value) => statistic.read(value, "a statistic") }, "a list of statistics"),
    ["gradientFlow"],
    "the statistics of gradients that are measured",
    { flag: "--measure <list>" },
  ),
  /**
   * `"epoch"`: once an epoch. A number n: every n-th step of the run. `{ log: n }`: n steps in each power of
   * ten of steps, many at the beginning and few later on. Default: `"epoch"`.
   */
  every: field(
    every,
    "epoch",
    "when: once an epoch, every so many steps, or so many steps in each power of ten (log 5)",
    {
      flag: "--every <when>",
    },
  ),
  /**
   * With `"epoch"`: `"last"` takes the last minibatch of the epoch, as the figures of the VGG08/VGG38 study
   * do; `"epoch-mean"` the mean over all its minibatches. Default: `"last"`.
   */
  reduce: field(oneOf("last", "epoch-mean"), "last", "of an epoch: its last minibatch, or the mean over all", {
    flag: "--reduce <how>",
  }),
  /** Edges of histograms, as log₂ |gradient|. Default: −72 to 8. */
  histogram: field(histogramRange, HISTOGRAM_RANGE, "edges of histograms, as log₂ |gradient|", {
    flag: "--histogram-range <low,high>",
  }),
} as const;

/** What is measured during training, and when. */
export type MeasureOptions = Given<typeof MEASURE>;

/** Measuring as an option. */
export const measure: Kind<Filled<typeof MEASURE>> & { readonly fields: typeof MEASURE } = {
  ...objectOf(MEASURE),
  read(value, name) {
    const found = readFields(MEASURE, value, { name });
    if (found.reduce === "epoch-mean" && found.every !== "epoch") {
      throw new RangeError(`Expected ${name}.every to be "epoch" with reduce "epoch-mean" but found ${JSON.stringify(found.every)}`); // prettier-ignore
    }
    return found;
  },
};
