import {
  checkArgument,
  checkOptions,
  integer,
  type KindsOf,
  listOf,
  oneOf,
  orNull,
  show,
  texts,
  whole,
} from "../options";
import { scaleEnds, type Stage, type TrialData } from "../spec";
import { controls } from "./controls";
import { BEST_OF_2020 } from "./ga-protocol";
import { PROTOCOL_KINDS, type ProtocolOptions } from "./protocol-options";
import type { Paper } from "./published";
import type { TrialSpec } from "./trial-spec";
import { trials } from "./trials";

/** How much of a paper's protocol is run: a demonstration, a short version of it, or all as published. */
export const REPRODUCTION_SCALES = ["demo", "short", "paper"] as const;
/** How large a reproduction is: minutes, hours, or as the paper. */
export type ReproductionScale = (typeof REPRODUCTION_SCALES)[number];

/** How much of a paper's protocol is run, and with what. */
export interface ReproductionOptions extends ProtocolOptions {
  /** Default: "short". */
  scale?: ReproductionScale;
  /**
   * The networks, by `ga.modelByName`'s names; null for the scale's own choice: at "demo" and "short" VGG-19 and, for
   * the 2020 paper, ResNet-18, which is what fits an hour on two cores; at "paper" all. Default: null.
   */
  models?: readonly string[] | null;
  /**
   * With how many fresh seeds (1, 2, …) a setting is run that is judged, and the baseline beside it. Default: 5, at
   * "demo" 2; 0 for the protocol alone. `ga.reproductionPower` says what so many can show.
   */
  seeds?: number;
}

/** What each of these may be. */
export const REPRODUCTION_KINDS: KindsOf<ReproductionOptions> = {
  ...PROTOCOL_KINDS,
  scale: oneOf("demo", "short", "paper"),
  models: orNull(texts),
  seeds: whole(0),
};

/** How many fresh seeds a setting gets that is judged. */
export const FRESH_SEEDS: Readonly<Record<ReproductionScale, number>> = { demo: 2, short: 5, paper: 5 };

/**
 * The seeds with which nothing was tried that is chosen by: 1, 2, …; the choice is made with seed 0.
 *
 * @param count How many, from 0 to a million.
 * @throws {RangeError} if it is no such number
 * @example
 * import * as ga from "gradamp";
 *
 * console.log(ga.freshSeeds(3)); // [1, 2, 3]
 */
export function freshSeeds(count: number): number[] {
  if (!Number.isSafeInteger(count) || count < 0 || count > 1e6)
    throw new RangeError(`Expected a number of seeds, from 0 to a million, but found ${show(count)}`);
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** What a scale makes smaller. */
interface Reduction {
  /** Divides the networks' widths. */
  readonly width: number;
  /** Multiplies the ends of stages. */
  readonly ends: number;
  /** Epochs of trials without stages. */
  readonly epochs: number;
  readonly seeds: readonly number[];
  readonly ratios: readonly number[];
  readonly groups: number;
  readonly thresholds: readonly number[];
  /** Of the deeper networks, which the paper tries in steps of a quarter from 1 on. */
  readonly deepThresholds: readonly number[];
  readonly batchSize: number | null;
  readonly data: (data: TrialData) => TrialData;
}

const REDUCTIONS: Record<Exclude<ReproductionScale, "paper">, Reduction> = {
  short: {
    width: 4,
    ends: 0.1,
    epochs: 10,
    seeds: [0, 1, 2],
    ratios: [0.1, 0.3, 0.5, 0.7],
    groups: 2,
    thresholds: [0.7, 1, 1.5, 2],
    deepThresholds: [1, 1.25, 1.5, 2],
    batchSize: null,
    // The whole test split; validation images to choose by, which the papers of 2020 and 2023 do not have.
    data: (data) =>
      data.name === "embedded"
        ? data
        : {
            ...data,
            split: data["split"] === "vgp" ? "vgp" : "held-out",
            limit: { train: 10_000, validation: 2_500 },
          },
  },
  demo: {
    width: 16,
    ends: 0.04,
    epochs: 3,
    seeds: [0, 1],
    ratios: [0.3, 0.7],
    groups: 1,
    thresholds: [0.7, 1.5],
    deepThresholds: [1, 1.5],
    batchSize: 50,
    data: ({ name, augmentation }) => ({
      name: "embedded",
      classes: name === "cifar-100" ? 100 : 10,
      augmentation,
      train: 500,
      validation: 200,
      test: 200,
      seed: 0,
    }),
  },
};

/** The groups that a short version of the 2020 paper tries, the paper's best one first. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  vgg19: ["bn", "relu"],
  resnet18: ["first-bn-of-block", "bn"],
  resnet34: ["first-bn-of-block", "bn"],
};

/**
 * The trials of a paper's reproduction at a scale.
 *
 * - "paper": every part of `ga.trials` but the calibration, as published.
 * - "short": widths ÷ 4, 10,000 training and 2,500 validation images and the whole test split, stage ends ÷ 10 (VGP: 10
 *   epochs), baselines with 3 seeds; ga: 2 groups × 4 ratios in 101–130 after the paper's best in 51–100; iga: 4
 *   thresholds × 2 measures × 2 cases and the random column; vgp: all seven rows.
 * - "demo": the same way with a sixteenth of the widths, 500 embedded images and a few epochs.
 *
 * To these come, unless a part is named, what verdicts need: `seeds` fresh seeds of all that is not chosen (the
 * originals, the paper's own best setting, the random column, all rows of vgp; part "rerun"), and for ga and iga the
 * controls (part "control"): the learning rate raised where the amplified layers' is, and, where there are validation
 * images, as many tuned baselines as an amplified method has settings. What is best by validation is then run with the
 * same fresh seeds: `rerunTrials`.
 *
 * @param paper `"vgp"`, `"ga"` or `"iga"`
 * @param options scale, seeds, networks, scope and part
 * @throws {RangeError} for a paper, scale, part or network that is not there
 *
 * @example
 * import * as ga from "gradamp";
 * console.log(ga.reproductionTrials("iga", { scale: "short" }).length); // 30
 */
export function reproductionTrials(paper: Paper, options: ReproductionOptions = {}): TrialSpec[] {
  checkOptions("reproductionTrials", options, REPRODUCTION_KINDS);
  const { scale = "short", models = null, seeds = FRESH_SEEDS[scale], ...protocol } = options;
  if (!REPRODUCTION_SCALES.includes(scale)) {
    throw new RangeError(`Expected scale to be one of ${REPRODUCTION_SCALES.join(", ")} but found ${String(scale)}`);
  }
  if (!(Number.isInteger(seeds) && seeds >= 0)) {
    throw new RangeError(`Expected seeds to be a whole number of 0 or more but found ${seeds}`);
  }
  const all = trials(paper, protocol).filter(({ part }) => part !== "calibration" || protocol.part === "calibration");
  const known = [...new Set(all.map(({ model }) => model.name as string))];
  for (const model of models ?? []) {
    if (!known.includes(model))
      throw new RangeError(`Expected a network of ${paper} (${known.join(", ")}) but found ${model}`);
  }
  if (scale === "paper") {
    const chosen = all.filter(({ model }) => models?.includes(model.name) ?? true);
    return withEvidence(paper, chosen, seeds, protocol);
  }
  const reduction = REDUCTIONS[scale];
  const wanted = models ?? (paper === "vgp" ? known : paper === "ga" && scale === "short" ? ["vgg19", "resnet18"] : ["vgg19"]); // prettier-ignore
  const chosen = all.filter((trial) => wanted.includes(trial.model.name) && isInShort(paper, trial, reduction));
  // Both scales hold images out, whatever the paper's protocol does.
  return withEvidence(paper, chosen, seeds, { ...protocol, split: "held-out" }).map((trial) =>
    reduced(trial, reduction),
  );
}

/** The trials with the controls, and with fresh seeds of all that is fixed before anything is run. */
function withEvidence(
  paper: Paper,
  chosen: readonly TrialSpec[],
  seeds: number,
  { part = null, scope = "backprop", weightDecay = 0, split = "train-test", readingOfG = "G" }: ProtocolOptions,
): TrialSpec[] {
  if (part !== null || seeds === 0) return [...chosen];
  const all = [...chosen, ...(paper === "vgp" ? [] : controls(chosen, { scope, weightDecay, split, readingOfG }))];
  const isFixed = ({ part: own, seed, labels, model, stages }: TrialSpec) => {
    if (seed !== 0) return false;
    if (paper === "vgp" || own === "baseline" || own === "random" || labels.method === "raised rate") return true;
    if (own !== "s2") return false;
    const { group, first, second } = BEST_OF_2020[model.name as keyof typeof BEST_OF_2020];
    return stages?.group === group && labels.params === `S2_${first}_${second}`;
  };
  const baselineSeeds = (trial: TrialSpec) =>
    all.flatMap(
      ({ part: own, seed, model, data }) =>
      trial.part === "baseline" && own === "baseline" && model.name === trial.model.name && data.name === trial.data.name ? [seed] : [], // prettier-ignore
    );
  const reruns = all.filter(isFixed).flatMap((trial) => {
    const known = baselineSeeds(trial);
    return rerunTrials(trial, freshSeeds(seeds).filter((seed) => !known.includes(seed))); // prettier-ignore
  });
  return [...all, ...reruns];
}

/**
 * A trial with fresh seeds, which confirm what was chosen by its first: the run that a choice was made by enters no
 * mean.
 *
 * @param trial what is run again
 * @param seeds one trial for each; whole numbers
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * const [trial] = ga.reproductionTrials("ga");
 * console.log(ga.rerunTrials(trial!, [1, 2]).map(({ seed }) => seed)); // [1, 2]
 */
export function rerunTrials(trial: TrialSpec, seeds: readonly number[]): TrialSpec[] {
  checkArgument(trial, "a trial, as of ga.trials,", "optimizer");
  listOf(integer, "a list of seeds").read(seeds, "seeds");
  return seeds
    .filter((seed) => seed !== trial.seed)
    .map((seed) => ({
      ...trial,
      id: `${trial.id}-rerun-${seed}`,
      name: `${trial.name} seed ${seed}`,
      part: "rerun",
      seed,
    }));
}

function isInShort(paper: Paper, trial: TrialSpec, reduction: Reduction): boolean {
  const { seeds, ratios, groups, thresholds, deepThresholds } = reduction;
  const { part, model, data, seed, labels } = trial;
  if (paper === "vgp") return labels.model !== "VGG38 BN (blocks)";
  if (data.name !== "cifar-10") return false;
  if (part === "baseline") return seeds.includes(seed);
  if (part === "s2") {
    const { first } = BEST_OF_2020[model.name as keyof typeof BEST_OF_2020];
    const tried = GROUPS[model.name]?.slice(0, groups) ?? [];
    return (
      tried.includes(labels.group ?? "") &&
      labels.strategy === `S2_${first}_xx` &&
      ratios.includes(labels.ampRatio ?? NaN)
    );
  }
  if (part === "params1") return thresholds.includes(labels.threshold ?? NaN);
  if (part === "params2") return deepThresholds.includes(labels.threshold ?? NaN);
  return part === "random";
}

function reduced(trial: TrialSpec, { width, ends, epochs, batchSize, data }: Reduction): TrialSpec {
  const { stages, model } = trial;
  const own = model.name.startsWith("vgg08") || model.name.startsWith("vgg38") ? 32 : 64;
  const scaled = stages && scaleEnds(stages.stages, ends);
  // An amplified stage whose layers the gradients choose has an epoch to analyse and one to amplify at least.
  const lengthened = scaled && stages?.intelligent ? lengthen(scaled) : scaled;
  return {
    ...trial,
    model: { ...model, options: { ...model.options, width: Math.max(2, own / width) } },
    data: data(trial.data),
    epochs: lengthened?.at(-1)?.end ?? epochs,
    stages: stages && lengthened ? { ...stages, stages: lengthened } : null,
    batchSize: batchSize ?? trial.batchSize,
    // What is chosen by validation needs the test split at the end only.
    test: "end",
  };
}

function lengthen<S extends Stage>(list: readonly S[]): S[] {
  let before = 0;
  let later = 0;
  return list.map((stage) => {
    const { end, ampRatio } = stage;
    const last = Math.max(end + later, before + (ampRatio > 0 ? 2 : 1));
    later = last - end;
    before = last;
    return { ...stage, end: last };
  });
}
