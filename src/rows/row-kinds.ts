import { ahead, type ColumnType, type KindOfRow, measured, perEpoch, type When } from "./kind-of-row";
import type {
  DirectionalityRow,
  EpochRow,
  GradientRow,
  HistogramRow,
  NoiseRow,
  OutputRow,
  SelectionRow,
  StepRow,
} from "./row-types";

/**
 * The kinds of rows that a run writes. Their names are those of a run's lists, of the folders that they are stored in and
 * of `rows` in `ga.runs`. What has an entry here is stored, read back, followed, exported and handed to figures.
 */
export const ROW_KINDS = {
  /** Every complete epoch. */
  epochs: perEpoch<EpochRow>({
    title: "an epoch: losses, accuracies, seconds",
    remedy: "train for at least one epoch",
    columns: {
      epoch: "integer",
      learningRate: "number",
      trainLoss: "number",
      trainAccuracy: "number?",
      validationLoss: "number?",
      validationAccuracy: "number?",
      testLoss: "number?",
      testAccuracy: "number?",
      penalty: "number?",
      seconds: "number",
      imagesPerSecond: "number",
      amplifiedLayers: "integer",
    },
    open: true,
    live: true,
    tags: {
      trainLoss: "loss/train",
      validationLoss: "loss/validation",
      testLoss: "loss/test",
      penalty: "loss/penalty",
      trainAccuracy: "accuracy/train",
      validationAccuracy: "accuracy/validation",
      testAccuracy: "accuracy/test",
      learningRate: "rates/learningRate",
      imagesPerSecond: "rates/imagesPerSecond",
      amplifiedLayers: "rates/amplifiedLayers",
      epoch: "epoch",
    },
    further: "metrics",
  }),
  /** Every step, or each `logEvery`-th, and those at which callbacks have logged something. */
  steps: measured<StepRow>({
    title: "a step: loss, rate, norm of the gradients, scalars of one's own",
    remedy: "train with logEvery: 1",
    columns: {
      epoch: "integer",
      step: "integer",
      loss: "number?",
      accuracy: "number?",
      learningRate: "number?",
      gradientNorm: "number?",
    },
    open: true,
    // As many as there are steps: dashboards are told of progress.
    live: false,
    tags: {
      loss: "steps/loss",
      accuracy: "steps/accuracy",
      learningRate: "steps/learningRate",
      gradientNorm: "steps/gradientNorm",
    },
    further: "steps",
  }),
  /** Every weight tensor at every measured step. */
  gradients: measured<GradientRow>({
    title: "a weight tensor at a measured step",
    remedy: 'train with measure: { statistics: ["gradientFlow"], every: "epoch" }',
    columns: {
      epoch: "integer",
      step: "integer",
      index: "integer",
      layer: "text",
      weight: "text",
      size: "integer",
      meanAbs: "number",
    },
    open: true,
    live: true,
    tags: { meanAbs: "gradients/meanAbs" },
    further: "gradients",
  }),
  /** Where `"histogram"` was measured. */
  histograms: measured<HistogramRow>({
    title: "the distribution of a weight tensor's gradients at a measured step",
    remedy: 'train with measure: { statistics: ["histogram"] }',
    columns: {
      epoch: "integer",
      step: "integer",
      index: "integer",
      layer: "text",
      weight: "text",
      low: "number",
      high: "number",
      zeros: "integer",
      nonFinite: "integer",
      counts: "counts",
    },
    open: false,
    // Forty numbers for each weight tensor, of which no dashboard shows one.
    live: false,
    tags: { counts: "gradients/log2" },
  }),
  /** Where `"outputs"` were measured. */
  outputs: measured<OutputRow>({
    title: "a layer's outputs at a measured step",
    remedy: 'train with measure: { statistics: ["outputs"] }',
    columns: {
      epoch: "integer",
      step: "integer",
      index: "integer",
      layer: "text",
      mean: "number",
      deviation: "number",
      zeroShare: "number",
    },
    open: true,
    live: true,
    tags: { mean: "outputs/mean", deviation: "outputs/deviation", zeroShare: "outputs/zeroShare" },
  }),
  /** Of every epoch whose directionality was measured or decided on layers. */
  directionality: measured<DirectionalityRow>({
    title: "a layer's directionality ratios over an epoch",
    remedy: 'train with measure: { statistics: ["directionality"] }',
    columns: {
      epoch: "integer",
      step: "integer",
      index: "integer",
      layer: "text",
      G: "number",
      GPrime: "number",
      GNet: "number",
    },
    open: false,
    live: true,
    tags: { G: "directionality/G", GPrime: "directionality/GPrime", GNet: "directionality/GNet" },
  }),
  /** Of every epoch over which `"noise"` was measured. */
  noise: measured<NoiseRow>({
    title: "how much of a weight tensor's gradient was noise over an epoch",
    remedy: 'train with measure: { statistics: ["noise"] }',
    columns: {
      epoch: "integer",
      step: "integer",
      index: "integer",
      layer: "text",
      weight: "text",
      size: "integer",
      cosine: "number",
      noiseScale: "number",
    },
    open: false,
    live: true,
    tags: { cosine: "noise/cosine", noiseScale: "noise/noiseScale" },
  }),
  /** Every layer considered at every selection, in order. */
  selections: ahead<SelectionRow>({
    title: "a layer considered for amplification",
    remedy: "train with layers to amplify",
    columns: {
      epoch: "integer",
      stage: "integer",
      index: "integer",
      layer: "text",
      selected: "flag",
      ampFactor: "number",
      by: "text",
      ampRatio: "number?",
      analysed: "number?",
      ratio: "number?",
      normalized: "number?",
      threshold: "number?",
      sides: "text?",
    },
    open: false,
    live: true,
    tags: {},
  }),
};

/** A kind of rows that a run writes, and the name of its list and folder. */
export type RowKind = keyof typeof ROW_KINDS;

/** The kinds in their order. */
export const rowKinds = Object.keys(ROW_KINDS) as RowKind[];

type RowOf<Kind> = Kind extends KindOfRow<infer Row, When> ? Row : never;

/** What a row of each kind is. */
export type Rows = { [Kind in RowKind]: RowOf<(typeof ROW_KINDS)[Kind]> };

/** The rows of a run: a list of each kind. */
export type RowLists = { [Kind in RowKind]: Rows[Kind][] };

/** Kinds that are measured during an epoch. */
export type MeasuredKind = {
  [Kind in RowKind]: (typeof ROW_KINDS)[Kind]["when"] extends "measured" ? Kind : never;
}[RowKind];

/** The rows that were measured in an epoch. */
export type MeasuredRows = { [Kind in MeasuredKind]: Rows[Kind][] };

/** Whether a kind is measured during an epoch. */
export const isMeasured = (kind: RowKind): kind is MeasuredKind => ROW_KINDS[kind].when === "measured";

/** The kinds that are measured, in their order. */
export const measuredKinds = rowKinds.filter((kind) => isMeasured(kind));

/** The kinds that dashboards are told of. */
export const liveKinds = rowKinds.filter((kind) => ROW_KINDS[kind].live);

/** The type of a column; null for one that a statistic has added. */
export function columnType(kind: RowKind, column: string): ColumnType | null {
  const columns: Readonly<Record<string, ColumnType>> = ROW_KINDS[kind].columns;
  return Object.hasOwn(columns, column) ? columns[column]! : null;
}
