import { createHash } from "node:crypto";

import type { TrialSpec } from "../../src/experiments";

/** What a fake run knows. */
export interface FakeState {
  /** One an epoch. */
  losses: string[];
  /** By analysed epoch. */
  ratios: Record<number, { layer: string; G: number; GPrime: number; GNet: number }[]>;
}

export const hash = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);

/** "Trains" an epoch: its loss is a hash of all that was done so far, so that a wrong fork shows in every later number. */
export function trainEpoch(trial: TrialSpec, state: FakeState, epoch: number): void {
  state.losses.push(hash([trial.model, trial.seed, state.losses.at(-1) ?? null, done(trial, state, epoch)]));
}

/** The losses of a trial that is trained by itself, from its first epoch. */
export function lossesOf(trial: TrialSpec): string[] {
  const state: FakeState = { losses: [], ratios: {} };
  for (let epoch = 1; epoch <= trial.epochs; epoch++) trainEpoch(trial, state, epoch);
  return state.losses;
}

/** What is done in an epoch: rate, and the layers that are amplified. */
function done(trial: TrialSpec, state: FakeState, epoch: number): unknown {
  const list = trial.stages?.stages ?? [];
  const at = list.findIndex(({ end }) => epoch <= end);
  const { learningRate: rate, ampRatio: ratio = 0, ampFactor: factor } = list[at] ?? {};
  const rule = trial.stages?.intelligent;
  if (ratio === 0) return [rate];
  if (!rule) return [rate, trial.stages?.group, ratio, factor];
  const first = (list[at - 1]?.end ?? 0) + 1;
  if (epoch === first) {
    // Ratios that depend on what was trained, on a coarse scale so that several thresholds agree.
    const value = (layer: string) => (Number.parseInt(hash([state.losses.at(-1), layer]).slice(0, 2), 16) % 5) / 5;
    state.ratios[epoch] = ["a", "b", "c", "d", "e", "f"].map((layer) => ({
      layer,
      G: value(layer),
      GPrime: 0.5,
      GNet: value(`net ${layer}`),
    }));
    return [rate];
  }
  // The same rule as gradamp's, with another of its implementations.
  const ratios = state.ratios[first] ?? [];
  const numbers = ratios.map((row) => row[rule.directionality]);
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
  const chosen = ratios.filter((_, i) => {
    const z = deviation === 0 ? 0 : ((numbers[i] ?? 0) - mean) / deviation;
    return (rule.sides === "both" ? Math.abs(z) : z) > rule.threshold;
  });
  return chosen.length === 0 ? [rate] : [rate, chosen.map(({ layer }) => layer), factor];
}
