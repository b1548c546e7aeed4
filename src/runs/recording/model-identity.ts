import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import type { LayersModel } from "../../tensorflow";
import { modelFile } from "../run-info";
import { firstDifference } from "./first-difference";

type Json = Readonly<Record<string, unknown>>;

/** A network as tfjs writes it down; null where it cannot, for a layer of one's own without a configuration. */
export function topologyOf(model: LayersModel): Json | null {
  try {
    return JSON.parse(JSON.stringify(model.toJSON(null, false))) as Json;
  } catch {
    return null;
  }
}

/** The network that a run's folder has; null where it has none. */
export function keptTopology(folder: string): Json | null {
  const file = join(folder, modelFile);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Json;
  } catch {
    // Whoever needs the network says that it is damaged.
    return null;
  }
}

/**
 * Where two networks differ first: a kind of layer, an activation, a rate of dropout, a regulariser, an initialiser's
 * seed. What layers are called tells no network from another.
 *
 * @returns which layer's what, with what the one and the other have; null where they don't differ
 */
export function topologyDifference(a: Json, b: Json): [path: string, there: unknown, here: unknown] | null {
  const found = firstDifference(unnamed(a), unnamed(b), "model");
  if (!found) return null;
  const [path, there, here] = found;
  return [path.replace(/\.config\b/g, ""), there, here];
}

/** A topology with its layers numbered instead of named, and nothing of the tfjs that wrote it. */
function unnamed({ class_name, config }: Json): Json {
  const names = new Map<string, string>();
  collectNames(config, names);
  const rename = (value: unknown): unknown => {
    if (typeof value === "string") return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rename(inner)]));
  };
  return rename({ class_name, config: withoutName(config) }) as Json;
}

function withoutName(config: unknown): unknown {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return config;
  const { name: _, ...rest } = config as Json;
  return rest;
}

/** Layer's name → "layer N", in the order in which they stand. */
function collectNames(value: unknown, names: Map<string, string>): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value) && "class_name" in value && "config" in value) {
    const name = (value.config as { name?: unknown } | null)?.name;
    if (typeof name === "string" && !names.has(name)) names.set(name, `layer ${names.size + 1}`);
  }
  for (const inner of Object.values(value)) collectNames(inner, names);
}

/** Whether every weight of a network that starts at random has a seed, so that it starts alike each time. */
export function isSeeded(topology: unknown): boolean {
  if (typeof topology !== "object" || topology === null) return true;
  return Object.entries(topology).every(([key, value]) => {
    const seed = (value as { config?: { seed?: unknown } } | null)?.config?.seed;
    return !(key.endsWith("_initializer") && seed === null) && isSeeded(value);
  });
}

/** A checksum of a network's weights as they are now. */
function weightsNow(model: LayersModel): string {
  const weights = model.getWeights().map((weight) => weight.dataSync<"float32">());
  const checksum = weights.reduce(
    (sum, { buffer, byteOffset, byteLength }) => crc32(new Uint8Array(buffer, byteOffset, byteLength), sum),
    0,
  );
  return checksum.toString(16).padStart(8, "0");
}

/** What training has left on a network, and the weights that it had begun with. */
const origins = new WeakMap<LayersModel, { readonly now: string; readonly initial: string }>();

/**
 * A checksum of the weights that training of a network begins with: those that it has, or where a run has left them
 * there, those that this run began with.
 */
export function initialWeights(model: LayersModel): string {
  const now = weightsNow(model);
  const origin = origins.get(model);
  return origin?.now === now ? origin.initial : now;
}

/** Notes that a network's weights are what a run made of others. */
export function noteOrigin(model: LayersModel, initial: string | undefined): void {
  if (initial === undefined) return;
  try {
    origins.set(model, { now: weightsNow(model), initial });
  } catch {
    // The network has been disposed of, and trains no more.
  }
}
