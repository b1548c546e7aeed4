import { type ColumnTable, table } from "arquero";

import { checkOptions, checkRows, orNull, whole } from "../../options";
import type { GradientRow, RunRecord } from "../../rows";

/** Options of `ga.table.gradientDecay`. */
export interface GradientDecayOptions {
  /** The epoch that is looked at. Default: null, the last one that was measured. */
  epoch?: number | null;
}

/** How a run's gradients fall from its head to its input. */
export interface GradientDecay {
  readonly run: string;
  readonly epoch: number | null;
  /** Mean |gradient| of the first and of the last layer. */
  readonly atInput: number | null;
  readonly atHead: number | null;
  /** log₁₀(atHead / atInput): negative where gradients grow towards the input. */
  readonly powersLost: number | null;
  /** The layer nearest to the head that receives less than a tenth, a thousandth, of what the best served layer does. */
  readonly tenthFrom: string | null;
  readonly thousandthFrom: string | null;
  /** The layer whose gradients are smallest beside those of the layer behind it, and by what factor. */
  readonly steepestAt: string | null;
  readonly steepestFactor: number | null;
}

/**
 * How much of the gradients is lost on the way from the head to the input, and where: a row a run, of the mean |gradient|
 * of its layers' kernels.
 *
 * | column | |
 * |---|---|
 * | run, epoch | which training, after which epoch |
 * | atInput, atHead | mean \|gradient\| of the first and of the last layer with a kernel |
 * | powersLost | log₁₀(atHead / atInput); negative where gradients grow towards the input |
 * | tenthFrom, thousandthFrom | the layer nearest to the head that receives less than this share of the largest of all;
 * null where none does |
 * | steepestAt, steepestFactor | the layer with the largest fall from the layer behind it, and that fall |
 *
 * What was not measured, and what is not finite, is left out; where nothing is left there is null.
 *
 * @param runs Trained runs, or saved ones, with `gradientFlow` measured.
 * @param options Any of `GradientDecayOptions`; none is needed.
 * @throws {TypeError} for what is no list of runs
 * @example
 * import * as ga from "gradamp";
 *
 * const gradients = [1e-7, 1e-5, 1e-3].map((meanAbs, index) => ({
 *   epoch: 1, step: 10, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs,
 * }));
 * const run = { name: "mine", model: "own", parameters: 27, dataset: "none", options: {}, epochs: [], gradients };
 * console.log(ga.table.gradientDecay([run]).get("powersLost", 0)); // 4
 */
export function gradientDecay(runs: readonly RunRecord[], options: GradientDecayOptions = {}): ColumnTable {
  checkOptions("table.gradientDecay", options, { epoch: orNull(whole(0)) });
  checkRows(runs, "a list of runs");
  const rows = runs.map((run) => decayOf(run, options.epoch ?? null));
  const names = ["run", "epoch", "atInput", "atHead", "powersLost", "tenthFrom", "thousandthFrom", "steepestAt", "steepestFactor"] as const; // prettier-ignore
  return table(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

/** The same of one run. */
export function decayOf({ name, gradients }: RunRecord, epoch: number | null = null): GradientDecay {
  const last = gradients.reduce((latest, row) => Math.max(latest, row.epoch), -Infinity);
  const at = epoch ?? last;
  const flow = gradients
    .filter((row) => row.epoch === at && row.weight === "kernel" && Number.isFinite(row.meanAbs))
    .sort((a, b) => a.index - b.index);
  const [input, head] = [flow[0], flow.at(-1)];
  if (!input || !head)
    return { run: name, epoch: null, atInput: null, atHead: null, powersLost: null, tenthFrom: null, thousandthFrom: null, steepestAt: null, steepestFactor: null }; // prettier-ignore
  const largest = Math.max(...flow.map(({ meanAbs }) => meanAbs));
  const below = (share: number) => flow.filter(({ meanAbs }) => meanAbs < share * largest).at(-1)?.layer ?? null;
  const falls = flow.slice(1).map((behind, before) => ({ layer: layerAt(flow, before), factor: ratio(behind.meanAbs, layerAt(flow, before).meanAbs) })); // prettier-ignore
  const steepest = falls.reduce<(typeof falls)[number] | null>((a, b) => (a && !(b.factor > a.factor) ? a : b), null);
  const lost = ratio(head.meanAbs, input.meanAbs);
  return {
    run: name,
    epoch: at,
    atInput: input.meanAbs,
    atHead: head.meanAbs,
    powersLost: Math.log10(lost),
    tenthFrom: below(0.1),
    thousandthFrom: below(1e-3),
    steepestAt: steepest?.layer.layer ?? null,
    steepestFactor: steepest?.factor ?? null,
  };
}

const layerAt = (flow: readonly GradientRow[], at: number) => flow[at] as GradientRow;
/** Of two layers that receive nothing neither loses anything. */
const ratio = (of: number, to: number) => (of === to ? 1 : of / to);
