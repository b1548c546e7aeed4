import { checkArgument } from "../options";
import type { Stage } from "../spec";
import { keyOf, ratesOfOptimizer, settingsOfEveryEpoch, tupleOf } from "./trial-key";
import type { TrialSpec } from "./trial-spec";

/** A trial's first epochs, under a key that it shares with every trial whose first epochs are the same. */
export interface SharedPrefix {
  /** How many epochs. */
  readonly epochs: number;
  /** Equal keys, equal weights, optimizer, rows and selections after so many epochs. */
  readonly key: string;
  /**
   * Whether the last of them is the unamplified epoch whose gradients are analysed: its directionality sums must be
   * kept, since one analysis serves every measure, case and threshold.
   */
  readonly analysed: boolean;
}

/**
 * The prefixes of a trial that others may share, shortest first: up to the end of each stage, and up to the analysed
 * epoch of an intelligent schedule's first amplified stage.
 *
 * An S2 trial of the 2020 paper shares 50 epochs with all trials of its network, and 100 with those of its first ratio;
 * a trial of the 2023 paper shares 51 with all other thresholds, cases and measures. A trial without stages shares
 * nothing but itself.
 *
 * @param trial any trial, as of `ga.trials`
 * @throws {TypeError} if an argument is of another kind
 * @example
 * import * as ga from "gradamp";
 * const trials = ga.trials("ga", { part: "s2" });
 * console.log(new Set(trials.map((trial) => ga.sharedPrefixes(trial)[0]?.key)).size); // 3, one for each network
 */
export function sharedPrefixes(trial: TrialSpec): SharedPrefix[] {
  checkArgument(trial, "a trial, as of ga.trials,", "optimizer");
  const { stages } = trial;
  const common = { ...settingsOfEveryEpoch(trial), ...ratesOfOptimizer(trial) };
  const key = (rest: object) => keyOf({ ...common, ...rest });
  if (!stages) {
    const { epochs, optimizer } = trial;
    const { learningRate } = optimizer;
    return [{ epochs, key: key({ epochs, learningRate }), analysed: false }];
  }
  const { stages: list, group, scope, resetOptimizer, intelligent } = stages;
  const found: SharedPrefix[] = [];
  list.forEach((stage, index) => {
    const before = list.slice(0, index).map(plain);
    const amplified = before.some(({ ampRatio }) => ampRatio > 0);
    const { end, ampRatio: ratio } = stage;
    const how = { group, scope, intelligent };
    if (intelligent && ratio > 0 && !amplified) {
      // Alike up to the analysed epoch whatever the rule does with it.
      const first = (before.at(-1)?.end ?? 0) + 1;
      const rest = { list: [...before.map(tupleOf), [first, stage.learningRate]], resetOptimizer };
      found.push({ epochs: first, key: key(rest), analysed: true });
    }
    const through = {
      list: [...before, plain(stage)].map(tupleOf),
      resetOptimizer,
      ...(amplified || ratio > 0 ? how : {}),
    };
    found.push({ epochs: end, key: key(through), analysed: false });
  });
  return found;
}

/** A stage that amplifies nothing is the same whatever its factor. */
function plain(stage: Stage): Stage {
  return stage.ampRatio === 0 ? { ...stage, ampFactor: 1 } : stage;
}
