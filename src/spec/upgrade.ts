import { GROUP_NAMES } from "./amplification";
import type { Fields } from "../options";
import { type FunctionRecord, isFunctionRecord } from "./functions";
import { LOSSES } from "./losses";
import { parseLearningRate } from "./learning-rate";
import { OPTIMIZERS, type OptimizerName } from "./optimizers";
import { TRAINING } from "./training";

/**
 * A run's options as they are written down now, from those of any version before: a rate was a text once, and a function
 * its own text.
 */
export function upgradeOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const upgraded: Record<string, unknown> = { ...laterDefaults(TRAINING, options), ...options };
  const optimizer = options["optimizer"] as { name: string; learningRate?: unknown } | undefined;
  if (optimizer) {
    const known = Object.hasOwn(OPTIMIZERS, optimizer.name) ? OPTIMIZERS[optimizer.name as OptimizerName] : {};
    upgraded["optimizer"] = { ...laterDefaults(known, optimizer), ...optimizer, ...upgradedRate(optimizer) };
  }
  const loss = options["loss"];
  if (typeof loss === "string" && !Object.hasOwn(LOSSES, loss)) upgraded["loss"] = functionOf(loss);
  for (const name of ["stages", "amplify"]) {
    const value = options[name] as { group?: unknown } | null | undefined;
    const isText = typeof value?.group === "string" && !GROUP_NAMES.includes(value.group as "bn");
    if (value && isText) upgraded[name] = { ...value, group: functionOf(value.group as string) };
  }
  return upgraded;
}

/** Options that there were not when a record was written: such a run did what their defaults do. */
function laterDefaults(fields: Fields, recorded: object): Record<string, unknown> {
  const later = Object.entries(fields).filter(
    ([name, { decidesNothing, default: fallback }]) =>
      !decidesNothing && fallback !== undefined && name !== "learningRate" && !Object.hasOwn(recorded, name),
  );
  return Object.fromEntries(later.map(([name, { default: fallback }]) => [name, fallback as unknown]));
}

/** The record of a function of which only the text was kept: nobody can tell which it was. */
const functionOf = (text: string): FunctionRecord => ({ key: null, instance: null, text });

function upgradedRate({ name, learningRate }: { name: string; learningRate?: unknown }): object {
  if (typeof learningRate !== "string" || name.startsWith("tf.train.")) return {};
  if (learningRate === "stages") return { learningRate: null };
  try {
    return { learningRate: parseLearningRate(learningRate).spec };
  } catch {
    // A schedule of one's own, of which only what it was called was kept.
    return { learningRate: functionOf(learningRate) };
  }
}

/** Whether something in a record stands for a function that its reader has to bring. */
export function namesFunction(value: unknown): boolean {
  if (isFunctionRecord(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(namesFunction);
}
