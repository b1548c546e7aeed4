import {
  type BestOfOptions,
  checkOneSetting,
  pairedDifference,
  type PairedDifference,
  summarise,
} from "../../statistics";
import type { PublishedRow } from "../papers/published-row";
import { chooseSetting } from "./choose-setting";
import { type EpochRule, epochRuleOf, numberAt } from "./epoch-rule";
import {
  bestRow,
  countDifferent,
  isDiverged,
  isFresh,
  isOriginal,
  type ResultRow,
  rowsOfNetwork,
  settingOf,
} from "./result-row";

/** Our number for a published one, found the way the paper found it, and what can be said of it. */
export interface OwnNumber {
  readonly value: number;
  /** Standard deviation over seeds of the mean, or of the baseline; null for one run. */
  readonly spread: number | null;
  /** The same at the last epoch, and at the best one by validation. */
  readonly last: number | null;
  readonly best: number | null;
  /** How many runs it is the mean of, 1 for a best. */
  readonly runs: number;
  /** How many different runs it is the best of, 1 for a mean. */
  readonly tries: number;
  /** Ends of the 95 % interval of a mean; null for a best, and for one run. */
  readonly low: number | null;
  readonly high: number | null;
  /** How often chance alone gives such a best result (`ga.statistics.chanceOfGain`); null for what is no gain, or has no baseline. */
  readonly luck: BestOfOptions | null;
  /** What fresh seeds say of a gain; null for what is none, and where no setting was run again. */
  readonly fresh: FreshDifference | null;
}

/** The paired difference of a setting, fixed before these runs, from the baseline of the same seeds. */
export interface FreshDifference extends PairedDifference {
  /** How many of the runs on either side diverged; a mean of the others would be better than the method is. */
  readonly diverged: number;
}

/**
 * Our number for a published one: the mean over the originals' seeds, or the best of the ratios or thresholds by test
 * accuracy, as the papers report it, and its gain over that mean.
 *
 * @returns null where nothing that was run answers it
 * @throws {RangeError} if the originals differ in more than their seeds
 */
export function asPublished(row: PublishedRow, results: readonly ResultRow[]): OwnNumber | null {
  const [, base = row.quantity, derived = null] = /^(.+?)(Improvement|Overhead)$/.exec(row.quantity) ?? [];
  // "accuracyImprovement": of which accuracy the paper does not say.
  if (base === "accuracy") return null;
  const rule = epochRuleOf(row.paper);
  const near = (rate: number | null) =>
    row.learningRate === null || (rate !== null && Math.abs(rate / row.learningRate - 1) < 1e-6);
  const alike = rowsOfNetwork(results, row.dataset, row.model).filter(
    ({ learningRate, part }) => near(learningRate) && (part === "time") === (base === "minutes"),
  );
  const valueOf = (result: ResultRow, at: EpochRule = rule) => numberAt(result, base, at);
  const originals = alike.filter(isOriginal);
  // What has not run yet does not know all of its settings.
  checkOneSetting(originals.filter((result) => valueOf(result) !== null), `original runs of ${row.model}`); // prettier-ignore
  const baseline = overSeeds(originals, valueOf);

  if (row.method === "original") {
    if (baseline.mean === null) return null;
    const at = (which: EpochRule) => overSeeds(originals, (result) => valueOf(result, which)).mean;
    const diverged = originals.some(isDiverged);
    return {
      value: baseline.mean,
      spread: baseline.deviation,
      last: at("last"),
      best: at("best"),
      runs: baseline.n,
      tries: 1,
      low: diverged ? null : baseline.low,
      high: diverged ? null : baseline.high,
      luck: null,
      fresh: null,
    };
  }

  const answering = alike.filter((result) => answers(row, result));
  const candidates = answering.filter((result) => !isFresh(result));
  if (base === "minutes") return timeOf(candidates, originals, derived);

  const best = bestRow(candidates, "testAccuracy");
  const found = best === null ? null : valueOf(best);
  if (best === null || found === null) return null;
  const from = derived === null ? 0 : baseline.mean;
  if (from === null) return null;
  const at = (which: EpochRule) => {
    const [own, other] = [valueOf(best, which), overSeeds(originals, (result) => valueOf(result, which)).mean];
    return own === null || (derived !== null && other === null) ? null : own - (derived === null ? 0 : (other ?? 0));
  };
  const tries = countDifferent(candidates);
  const luck = { trials: tries, deviation: baseline.deviation ?? 0, baselineRuns: baseline.n };
  return {
    value: found - from,
    spread: derived === null ? null : baseline.deviation,
    last: at("last"),
    best: at("best"),
    runs: 1,
    tries,
    low: null,
    high: null,
    luck: derived === null || baseline.deviation === null ? null : luck,
    fresh: derived === null ? null : freshDifference(base, rule, answering, originals),
  };
}

/** Fresh seeds of the setting that is chosen among those that answer a cell, against the originals of the same seeds. */
function freshDifference(
  quantity: string,
  rule: EpochRule,
  answering: readonly ResultRow[],
  originals: readonly ResultRow[],
): FreshDifference | null {
  const runs = freshRuns(answering, rule);
  if (runs === null) return null;
  const valueOf = (row: ResultRow) => numberAt(row, quantity, rule);
  const difference = pairedDifference(seedValues(runs, valueOf), seedValues(originals, valueOf));
  const seeds = new Set(runs.map(({ seed }) => seed));
  const diverged = [...runs, ...originals.filter(({ seed }) => seeds.has(seed))].filter(isDiverged).length;
  return { ...difference, diverged };
}

/** The fresh runs of the setting chosen among some trials; null where it was not run again. */
export function freshRuns(rows: readonly ResultRow[], rule: EpochRule): ResultRow[] | null {
  const choice = chooseSetting(rows.filter((row) => !isFresh(row)), rule); // prettier-ignore
  if (choice === null) return null;
  const setting = settingOf(choice.chosen);
  const runs = rows.filter((row) => isFresh(row) && settingOf(row) === setting);
  return runs.length > 0 ? runs : null;
}

/** One value a seed; of two runs of a seed the first. */
export function seedValues(rows: readonly ResultRow[], valueOf: (row: ResultRow) => number | null) {
  const values = new Map<number, number>();
  for (const row of rows) {
    const value = valueOf(row);
    if (value !== null && !values.has(row.seed)) values.set(row.seed, value);
  }
  return [...values].map(([seed, value]) => ({ seed, value }));
}

const overSeeds = (rows: readonly ResultRow[], valueOf: (row: ResultRow) => number | null) =>
  summarise(seedValues(rows, valueOf).map(({ value }) => value));

/** Running times, and how much more than the original's of the same seed they are. */
function timeOf(
  candidates: readonly ResultRow[],
  originals: readonly ResultRow[],
  derived: string | null,
): OwnNumber | null {
  const minutes = (row: ResultRow) => numberAt(row, "minutes", "last");
  const own = overSeeds(candidates, minutes);
  if (own.mean === null) return null;
  const plain = { spread: null, last: null, best: null, tries: 1, luck: null, fresh: null };
  if (derived === null) return { ...plain, value: own.mean, runs: own.n, low: own.low, high: own.high };
  const theirs = new Map(seedValues(originals, minutes).map(({ seed, value }) => [seed, value]));
  const ratios = seedValues(candidates, minutes).flatMap(({ seed, value }) => {
    const other = theirs.get(seed);
    return other === undefined ? [] : [value / other - 1];
  });
  const { mean, n, low, high } = summarise(ratios);
  return mean === null ? null : { ...plain, value: mean, runs: n, low, high };
}

/**
 * Whether a trial of ours is one of those that a published number is the best of: all that the number was measured under
 * must be the trial's, too.
 */
export function answers(row: PublishedRow, result: ResultRow): boolean {
  if (result.method !== row.method || ["calibration", "longer", "control"].includes(result.part)) return false;
  const { group, params, strategy } = result;
  if (row.group !== null && row.group !== (group?.endsWith("-bn-of-block") ? "one-bn-per-block" : group)) return false;
  const under = (["ampFactor", "reselect"] as const).every((name) => {
    const own = result[name] ?? null;
    return row[name] === null || own === null || own === row[name];
  });
  if (!under) return false;
  if (row.params === null) return true;
  if (row.params.endsWith("_xx")) return strategy === row.params;
  // A table that does not say under which of 2023's schedules it was trained has one only.
  return params === row.params || (params === null && row.group === null);
}
