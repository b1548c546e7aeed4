import { type ColumnTable, table } from "arquero";

import { checkArgument, checkOptions, whole } from "../../options";
import type { RunRecord } from "../../rows";
import { decayOf } from "../verbs/gradient-decay";

/** The seven trainings of "Analysis of Vanishing gradient problem". */
export interface VanishingRuns {
  /** VGG08, 1e-3. */
  readonly shallow: RunRecord;
  /** VGG38, 1e-3. */
  readonly deep: RunRecord;
  /** VGG38 with batch norm, 1e-3. */
  readonly bn: RunRecord;
  /** VGG38 with residual connections, 1e-3. */
  readonly rc: RunRecord;
  /** VGG38 with both, 1e-3. */
  readonly both: RunRecord;
  /** VGG38 with batch norm, 1e-2. */
  readonly fastBn: RunRecord;
  /** VGG38 with both, 1e-2. */
  readonly fastBoth: RunRecord;
}

/** Options of `ga.table.vanishingClaims`. */
export interface VanishingClaimsOptions {
  /** How many classes the data set has: a network that has learnt nothing has the loss ln(classes). */
  classes: number;
  /** How many images the validation accuracies are of. */
  validationSize: number;
}

interface Claim {
  readonly claim: string;
  readonly paper: string;
  readonly here: string;
  readonly verdict: string;
}

/**
 * What "Analysis of Vanishing gradient problem" says of its seven trainings, beside what came out here: one run each, so
 * that this shows what to look at, and is no proof. With several seeds `ga.table.reproductionClaims` judges.
 *
 * Gradients vanish where more than three powers of ten are lost between head and input after the last epoch
 * (`ga.table.gradientDecay`). Two accuracies that lie closer than two standard errors of so many images are too close to
 * tell.
 *
 * | column | |
 * |---|---|
 * | claim | what the paper says, and where |
 * | paper, here | what it prints, and what came out |
 * | verdict | "came out", "did not come out" or "too close to tell" |
 *
 * Source: Analysis of Vanishing gradient problem, figures 2 and 3, table 1, section 6.
 *
 * @param runs The trainings by name, with `gradientFlow` measured.
 * @param options Both are needed.
 * @throws {TypeError} for what is no object of runs, or lacks one
 * @example
 * import * as ga from "gradamp";
 *
 * const epoch = { epoch: 1, learningRate: 1e-3, trainLoss: 4.61, trainAccuracy: 0.01, validationLoss: 4.61, validationAccuracy: 0.01, testLoss: null, testAccuracy: null, seconds: 1, imagesPerSecond: 1, amplifiedLayers: 0 };
 * const gradients = [1e-9, 1e-3].map((meanAbs, index) => ({ epoch: 1, step: 1, index, layer: `conv_${index}`, weight: "kernel", size: 9, meanAbs }));
 * const deep = { name: "VGG38", model: "VGG38", parameters: 18, dataset: "cifar-100", options: {}, epochs: [epoch], gradients };
 * const runs = { shallow: deep, deep, bn: deep, rc: deep, both: deep, fastBn: deep, fastBoth: deep };
 * const claims = ga.table.vanishingClaims(runs, { classes: 100, validationSize: 2500 });
 * console.log(claims.get("verdict", 0)); // "came out"
 */
export function vanishingClaims(runs: VanishingRuns, options: VanishingClaimsOptions): ColumnTable {
  checkOptions("table.vanishingClaims", options, { classes: whole(2), validationSize: whole(1) });
  checkArgument(runs, "the runs by name: shallow, deep, bn, rc, both, fastBn, fastBoth", "shallow");
  const { classes, validationSize } = options;
  for (const name of ["classes", "validationSize"] as const)
    if (options[name] === undefined) throw new TypeError(`Expected ${name} to be given but found none`);
  for (const name of ["shallow", "deep", "bn", "rc", "both", "fastBn", "fastBoth"] as const)
    checkArgument(runs[name], `a run as ${name}`, "gradients");
  const { shallow, deep, bn, rc, both, fastBn, fastBoth } = runs;
  const chance = Math.log(classes);
  const lost = (run: RunRecord) => decayOf(run).powersLost ?? NaN;
  const flows = (claim: string, paper: string, run: RunRecord, holds: boolean): Claim => ({
    claim,
    paper,
    here: `${lost(run).toFixed(1)} powers of ten lost`,
    verdict: verdictOf(holds),
  });
  const above = (better: RunRecord, worse: RunRecord, paper: string, claim: string): Claim => {
    const [a, b] = [bestAccuracy(better), bestAccuracy(worse)];
    const error = Math.sqrt((a * (1 - a) + b * (1 - b)) / validationSize);
    return {
      claim,
      paper,
      here: `${percent(a)} and ${percent(b)}`,
      verdict: verdictOf(a > b, Math.abs(a - b) < 2 * error),
    };
  };
  const from = decayOf(deep).tenthFrom;
  const loss = Math.min(...deep.epochs.map(({ trainLoss }) => trainLoss));
  const claims: Claim[] = [
    flows("VGG38's gradients vanish (figure 3)", "“approaches zero”", deep, lost(deep) > 3),
    {
      claim: "They do from reduction block 2 on (section 2)",
      paper: "REDUCTION_BLOCK_2_CONV_0",
      here: from ?? "nowhere",
      verdict: verdictOf(from?.startsWith("reduction_block_2") === true),
    },
    flows("VGG08's do not (figure 2)", "“healthy”", shallow, lost(shallow) < 3),
    {
      claim: "VGG38 learns nothing (table 1)",
      paper: "loss 4.61 = ln 100",
      here: `loss ${loss.toFixed(2)}, ln ${classes} = ${chance.toFixed(2)}`,
      verdict: verdictOf(Math.abs(loss - chance) < 0.02),
    },
    flows("Batch norm mends the gradients (section 6)", "“is solved”", bn, Math.abs(lost(bn)) < 3),
    flows("So do residual connections (section 6)", "“solves”", rc, Math.abs(lost(rc)) < 3),
    above(shallow, deep, "46.84 and 0.01", "VGG08 learns more than VGG38 (table 1, validation)"),
    above(rc, bn, "52.32 and 43.92", "Residual connections above batch norm, both at 1e-3"),
    above(fastBn, bn, "46.72 and 43.92", "Batch norm: 1e-2 above 1e-3"),
    above(both, rc, "59 and 52.32", "Both together above residual connections alone"),
    above(fastBoth, shallow, "61.36 and 46.84", "The best deep network above the shallow one"),
    above(fastBoth, both, "61.36 and 59", "Both together: 1e-2 above 1e-3"),
  ];
  const names = ["claim", "paper", "here", "verdict"] as const;
  return table(Object.fromEntries(names.map((name) => [name, claims.map((claim) => claim[name])])));
}

const verdictOf = (holds: boolean, close = false) =>
  close ? "too close to tell" : holds ? "came out" : "did not come out";
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const bestAccuracy = (run: RunRecord) =>
  Math.max(...run.epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0));
