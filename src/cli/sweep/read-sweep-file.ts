import type { ProtocolOptions, TrialSpec } from "../../experiments";
import type { Paper } from "../../experiments/published";
import { dirname } from "node:path";
import { readJson } from "../../files/read-text";
import { checkVersion, checkNames, type TrialGiven } from "../../spec";
import { trialOfFlags } from "../train/trial-of-flags";

/** What a sweep's file may hold, beside a plain list of trials. */
interface SweepFile {
  /** Trials; of each all but model and data may be left out. */
  readonly trials?: readonly TrialGiven[];
  /** A paper's protocol. */
  readonly protocol?: { readonly paper: Paper } & ProtocolOptions;
  /** What the trials of `vary` have in common. */
  readonly base?: TrialGiven;
  /** Field, or path to one with dots → its values; a trial for each combination. */
  readonly vary?: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Reads a sweep's trials: `[{ model, data, … }, …]`, `{ "trials": […] }`, `{ "protocol": { "paper": "ga", "part": "s2" } }`,
 * or `{ "base": { … }, "vary": { "seed": [1, 2, 3], "optimizer.weightDecay": [0, 0.0005] } }`.
 *
 * @throws {RangeError} if the file holds something else, or a trial makes no sense
 */
export async function readSweepFile(path: string): Promise<TrialSpec[]> {
  let content: SweepFile | TrialGiven[];
  try {
    content = readJson(path) as SweepFile | TrialGiven[];
  } catch (error) {
    throw new RangeError((error as Error).message, { cause: error });
  }
  const file: SweepFile = Array.isArray(content) ? { trials: content } : content;
  checkVersion(file, path);
  const known = ["trials", "protocol", "base", "vary"].filter((name) => Object.hasOwn(file, name));
  const strangers = Object.keys(file).filter((name) => !known.includes(name) && name !== "version");
  if (known.length === 0 || strangers.length > 0) {
    throw new RangeError(
      `Expected ${path} to hold trials, a protocol, or base and vary but found ${strangers.join(", ") || "nothing"}`,
    );
  }
  const configs = [...(file.trials ?? []), ...(file.base || file.vary ? combinations(file.base ?? {}, file.vary ?? {}) : [])]; // prettier-ignore
  const given = configs.map((config, at) => completed(config, at, dirname(path)));
  const { paper, ...options } = file.protocol ?? { paper: null };
  checkNames(options, ["part", "scope", "weightDecay", "split"], "protocol");
  const ofProtocol = paper === null ? [] : (await import("../../experiments/trials.js")).trials(paper, options);
  return withUniqueIds([...ofProtocol, ...given]);
}

function completed(config: TrialGiven, at: number, folder: string): TrialSpec {
  try {
    const { trial, run, from } = trialOfFlags({}, config, folder);
    const [idle] = [...Object.keys(run).map((name) => `run.${name}`), ...(from ? ["from"] : [])];
    if (idle !== undefined)
      throw new TypeError(`Expected a trial without ${idle}, which the sweep decides itself, but found it`);
    return { ...trial, id: config.id ?? defaultId(trial, config) };
  } catch (error) {
    throw new RangeError(`Trial ${at + 1}: ${(error as Error).message}`, { cause: error });
  }
}

/** Readable where that suffices; `withUniqueIds` numbers those that are alike. */
const defaultId = ({ model, data, labels, seed }: TrialSpec, config: TrialGiven) =>
  (config.name ?? [model.name, data.name, labels.method].join("-")).replace(/[^\w.+-]+/g, "_") + `-${seed}`;

function withUniqueIds(trials: readonly TrialSpec[]): TrialSpec[] {
  const count = new Map<string, number>();
  for (const { id } of trials) count.set(id, (count.get(id) ?? 0) + 1);
  const seen = new Map<string, number>();
  return trials.map((trial) => {
    if ((count.get(trial.id) ?? 0) < 2) return trial;
    const number = (seen.get(trial.id) ?? 0) + 1;
    seen.set(trial.id, number);
    return { ...trial, id: `${trial.id}-${number}` };
  });
}

/** Beyond this a plan takes minutes and gigabytes, and nobody's machines train it. */
const MOST_TRIALS = 100_000;

function combinations(base: TrialGiven, vary: Readonly<Record<string, readonly unknown[]>>): TrialGiven[] {
  let found: Record<string, unknown>[] = [base as Record<string, unknown>];
  for (const [path, values] of Object.entries(vary))
    if (!Array.isArray(values) || values.length === 0)
      throw new RangeError(`Expected vary.${path} to list values but found ${JSON.stringify(values)}`);
  const total = Object.values(vary).reduce((product, values) => product * values.length, 1);
  if (total > MOST_TRIALS)
    throw new RangeError(
      `Expected vary to make at most ${MOST_TRIALS.toLocaleString("en-US")} trials but found ${total.toLocaleString("en-US")} ` +
        "combinations: vary less, or list the trials",
    );
  for (const [path, values] of Object.entries(vary)) {
    found = found.flatMap((config) => values.map((value) => withValue(config, path.split("."), value)));
  }
  return found as TrialGiven[];
}

function withValue(object: Record<string, unknown>, path: readonly string[], value: unknown): Record<string, unknown> {
  const [first = "", ...rest] = path;
  if (rest.length === 0) return { ...object, [first]: value };
  const inner = object[first];
  if (typeof inner !== "object" || inner === null)
    throw new RangeError(`Expected base to have ${first}, in which ${rest.join(".")} varies, but found none`);
  return { ...object, [first]: withValue(inner as Record<string, unknown>, rest, value) };
}
