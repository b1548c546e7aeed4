import { createHash } from "node:crypto";
import type { TrialSpec } from "./trial-spec";

/**
 * What decides every epoch of a trial, whatever its epochs, rates and stages are.
 *
 * What is missing leaves no trace in a key, so that trials of before have the keys of before.
 */
export function settingsOfEveryEpoch(trial: TrialSpec): object {
  const { model, dataset, seed, batchSize, optimizer, clipNorm, measure, validate, test } = trial;
  const { amplify, engine, precision, onNonFinite } = trial;
  const first = { model, dataset, seed, batchSize, optimizer, clipNorm, measure, validate, test };
  return { ...first, amplify, engine, precision, onNonFinite };
}

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
