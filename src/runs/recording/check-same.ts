import { type FunctionRecord, isFunctionRecord, show } from "../../spec";
import type { LayersModel } from "../../tensorflow";
import type { ModuleRecord } from "../../modules";
import type { RunInfo } from "../run-info";
import { firstDifference } from "./first-difference";
import { isSeeded, keptTopology, topologyDifference, topologyOf } from "./model-identity";

const GO_ON = "choose another folder, or go on with the run as it is (ga.resume, gradamp train --resume)";
const KEY =
  "what a function refers to cannot be seen, so two count as the same only where both were given the same key, " +
  'ga.keyed("…", f): give a key, or choose another folder';

/**
 * Refuses to go on with a run that is another than the one asked for.
 *
 * @throws {RangeError} if they differ; the message names the first difference
 */
export function checkSame(folder: string, found: RunInfo, asked: RunInfo, remedy = GO_ON): void {
  checkModules(folder, found, asked);
  for (const field of ["parameters", "dataset", "options", "data", "amplifiedBefore"] as const) {
    // Through JSON, which is how the one was written.
    const difference = firstDifference(plain(found[field]), plain(asked[field]), field);
    if (difference) refuse(folder, difference, remedy);
  }
}

/**
 * Refuses to go on with a run whose network is another one: its layers, or the weights that it begins with. Weights
 * that start at random without a seed are others each time; then it is said, and the run's own are taken.
 *
 * @throws {RangeError} if they differ; the message names the first difference
 */
export function checkSameModel(
  folder: string,
  found: RunInfo,
  asked: RunInfo,
  model: LayersModel,
  onNote: (text: string) => void = () => {},
): void {
  const [there, here] = [keptTopology(folder), topologyOf(model)];
  if (there && here) {
    const difference = topologyDifference(there, here);
    if (difference) refuse(folder, difference, "choose another folder, or build the network as it was");
  } else if (found.model !== asked.model) refuse(folder, ["model", found.model, asked.model], GO_ON);
  if (found.initial === undefined || found.initial === asked.initial) return;
  if (here && isSeeded(here)) {
    throw new RangeError(
      `Expected the weights that the run in ${folder} began with but found others: build the network with the same seed ` +
        "(and load the same weights), or choose another folder",
    );
  }
  onNote(
    `The weights of ${asked.model} have no seed and are not those that the run in ${folder} began with: the run's own are taken`,
  );
}

/** Refuses a module that is another than it was, also where it makes what looks the same. */
function checkModules(folder: string, found: RunInfo, asked: RunInfo): void {
  const hashes = ({ module, source }: RunInfo) => ({
    model: module,
    data: source?.name === "module" ? (source.options as unknown as ModuleRecord) : undefined,
  });
  const [there, here] = [hashes(found), hashes(asked)];
  for (const what of ["model", "data"] as const) {
    const [before, now] = [there[what], here[what]];
    if (before && now && before.hash !== now.hash)
      throw new RangeError(
        `Expected the module of the ${what}, ${now.module}, with the files that it imports, to be as it was when the run in ` +
          `${folder} began but found it changed: restore it, or choose another folder`,
      );
  }
}

function refuse(folder: string, [path, there, here]: [string, unknown, unknown], remedy: string): never {
  const isFunction = isFunctionRecord(there) || isFunctionRecord(here);
  throw new RangeError(
    `Expected the run in ${folder}, which has ${path} ${shown(there)}, but found ${shown(here)}: ${isFunction ? KEY : remedy}`,
  );
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (!isFunctionRecord(value)) return show(value);
  const { key, text }: FunctionRecord = value;
  return key === null ? `a function without a key (${show(text.split("\n")[0])})` : `the function ${show(key)}`;
}
