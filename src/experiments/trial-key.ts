import { createHash } from "node:crypto";
import { type Stage, type StageTuple, TRAINING } from "../spec";
import type { TrialSpec } from "./trial-spec";

/** What a key has of its own place: how far a trial goes, its rates, and what it is called. */
const ELSEWHERE: readonly string[] = ["epochs", "stages"] satisfies (keyof typeof TRAINING)[];

/**
 * What decides every epoch of a trial, whatever its epochs, rates and stages are, as version 1 wrote it down: what is
 * missing leaves no trace, so that trials of before have the keys of before.
 */
export function settingsOfEveryEpoch(trial: TrialSpec): object {
  const { model, data } = trial;
  const { learningRate: _, ...optimizer } = trial.optimizer;
  const options = Object.entries(TRAINING).filter(([name, field]) => !("decidesNothing" in field) && !ELSEWHERE.includes(name)); // prettier-ignore
  const given = Object.fromEntries(options.map(([name]) => [name, trial[name as keyof TrialSpec]]));
  return { ...given, model: withoutPath(model), dataset: withoutPath(data), optimizer };
}

/** A module is what is in it, wherever it lies. */
function withoutPath<Given extends { readonly module?: string }>({ module, ...rest }: Given): object {
  return module === undefined || "hash" in rest ? rest : { module, ...rest };
}

/** What decides the rates of a trial whose stages do not: its schedule, which may depend on how long training lasts. */
export function ratesOfOptimizer({ stages, optimizer, epochs }: TrialSpec): object {
  return stages && stages.stages[0]!.learningRate === null ? { learningRate: optimizer.learningRate, epochs } : {};
}

/** A stage as version 1 wrote it down. */
export const tupleOf = ({ end, learningRate, ampRatio, ampFactor }: Stage): StageTuple => [end, learningRate ?? null, ampRatio, ampFactor]; // prettier-ignore

/** JSON in which equal values are equal texts: the fields of objects by their names. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A key of 16 hexadecimal digits, equal for equal values. */
export function keyOf(value: object): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 16);
}
