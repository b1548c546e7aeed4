// File by file: the folders' indices would load TensorFlow, which planning does without.
import { analysisEpoch } from "../amplification/analysis-epoch";
import type { DirectionalityRule } from "../spec";
import { selectByDirectionality } from "../rows";
import { selectLayers } from "../amplification/select-layers";
import type { TrialSpec } from "../experiments";
import { canonicalJson, keyOf, ratesOfOptimizer, settingsOfEveryEpoch } from "../experiments/trial-key";
import { deriveSeed } from "../layers/derive-seed";
import type { LayerRatios, SweepKnowledge } from "./sweep-task";

/** A point at which trials may part: the state after `epochs` epochs. */
export interface PathPoint {
  readonly epochs: number;
  /** Equal keys, equal weights, optimizer and rows. */
  readonly key: string;
  /** Whether the last epoch is an analysed one whose ratios choose the layers of what follows. */
  readonly analysed: boolean;
}

/** Consecutive epochs that are trained alike. */
interface EpochRange {
  readonly first: number;
  last: number;
  /** Whether the optimizer starts it empty. */
  readonly reset: boolean;
  /** Rate and amplification; what is equal here trains equally. */
  readonly how: object;
}

/**
 * The points of a trial at which others may part from it, in order; the last one is its end.
 *
 * A key describes what is done in the epochs before it, not how that was asked for: ratios and thresholds that select
 * the same layers have the same key, and a selection of no layer, or a factor of 1, is no amplification.
 */
export function trialPath(trial: TrialSpec, known: SweepKnowledge = {}): PathPoint[] {
  const { stages } = trial;
  const common = { ...settingsOfEveryEpoch(trial), ...ratesOfOptimizer(trial) };
  const points: PathPoint[] = [];
  const done: EpochRange[] = [];
  /** Whether an analysis was met of which the result is not known, so that nothing after it is. */
  let tentative = false;

  const train = (first: number, last: number, how: object, reset = false) => {
    const before = done.at(-1);
    if (before && !reset && canonicalJson(before.how) === canonicalJson(how)) before.last = last;
    else if (first <= last) done.push({ first, last, reset, how });
  };
  const mark = (analysed: boolean, rest: object = {}): PathPoint => {
    const key = keyOf({ common, done, ...rest });
    const point = { epochs: done.at(-1)?.last ?? 0, key, analysed };
    points.push(point);
    return point;
  };

  if (!stages) {
    const { epochs } = trial;
    const { learningRate } = trial.optimizer;
    // A schedule that depends on how long training lasts is another one where it lasts longer.
    train(1, epochs, { learningRate, ...(typeof learningRate === "object" ? { of: epochs } : {}) });
    mark(false);
    return points;
  }

  const { stages: list, group, scope, resetOptimizer, intelligent } = stages;
  let end = 0;
  list.forEach(({ end: last, learningRate, ampRatio, ampFactor }, index) => {
    const first = end + 1;
    end = last;
    const reset = resetOptimizer && first > 1;
    const plain = { learningRate };
    const amplified = (layers: readonly string[]) =>
      layers.length > 0 && ampFactor !== 1 ? { learningRate, layers, ampFactor, scope } : plain;

    if (ampRatio === 0 || ampFactor === 1) {
      train(first, last, plain, reset);
    } else if (!intelligent) {
      const names = known.groupLayers?.(trial);
      const how = names
        ? amplified(selectLayers(names, ampRatio, deriveSeed(trial.seed, `selection/${index}`)))
        : { learningRate, group, ampRatio, ampFactor, scope, index };
      train(first, last, how, reset);
    } else {
      let chosen: object = plain;
      let from = first;
      for (let epoch = first; epoch <= last; epoch++) {
        const { analyses, amplifies } = analysisEpoch(intelligent, { first, last }, epoch);
        if (!analyses) continue;
        train(from, epoch - 1, chosen);
        train(epoch, epoch, amplifies ? chosen : plain, reset && epoch === first);
        // The layers that are considered are part of what a shared prefix leaves behind.
        const point = mark(true, { considered: group });
        const ratios = tentative
          ? null
          : considered(trial, known, known.ratios?.(sharedPrefixId(trial, point)) ?? null);
        tentative = ratios === null;
        chosen = ratios
          ? amplified(chooseLayers(ratios, intelligent))
          : { learningRate, intelligent, group, ampFactor, scope };
        from = epoch + 1;
      }
      train(from, last, chosen, reset && from === first);
    }
    mark(false);
  });
  return points;
}

/** The folder's name of a shared prefix that ends at a point of a trial: readable, and equal where the point is. */
export function sharedPrefixId({ model, data, seed }: TrialSpec, { epochs, key }: PathPoint): string {
  return `${model.name}-${data.name}-${seed}-${epochs}-${key.slice(0, 8)}`;
}

/** The ratios of the layers that a trial considers; null where it is not known which these are. */
function considered(
  trial: TrialSpec,
  known: SweepKnowledge,
  ratios: readonly LayerRatios[] | null,
): readonly LayerRatios[] | null {
  if (!ratios || !trial.stages?.group) return ratios;
  const names = known.groupLayers?.(trial);
  return names ? ratios.filter(({ layer }) => names.includes(layer)) : null;
}

/** The layers that a rule selects from what an analysis measured. */
function chooseLayers(ratios: readonly LayerRatios[], rule: DirectionalityRule): string[] {
  const measured = ratios.map((row) => ({ layer: row.layer, ratio: row[rule.directionality] ?? NaN }));
  return selectByDirectionality(measured, rule)
    .filter(({ selected }) => selected)
    .map(({ layer }) => layer);
}
