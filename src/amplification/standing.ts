import { namedLayers } from "../models/named-layers";
import type { LayersModel, layers } from "../tensorflow";
import type { Scope } from "../spec";

/** An amplification that `ga.amplify` put on a layer and nobody has taken off. */
export interface StandingAmplification {
  /** The layer's name within the model. */
  readonly layer: string;
  readonly ampFactor: number;
  readonly scope: Scope;
}

type Effect = Omit<StandingAmplification, "layer">;

const standing = new WeakMap<layers.Layer, Effect[]>();

/** Notes what is put on layers; returns what notes that it is taken off. */
export function noteStanding(on: readonly layers.Layer[], effect: Effect): () => void {
  // An object of its own, since two may be alike.
  const own = { ...effect };
  for (const layer of on) standing.set(layer, [...(standing.get(layer) ?? []), own]);
  return () => {
    for (const layer of on) standing.set(layer, (standing.get(layer) ?? []).filter((other) => other !== own)); // prettier-ignore
  };
}

/** What `ga.amplify` has left on a model, in forward order. */
export function standingAmplification(model: LayersModel): StandingAmplification[] {
  return namedLayers(model, { models: true }).flatMap(({ layer, name }) =>
    (standing.get(layer) ?? []).map((effect) => ({ layer: name, ...effect })),
  );
}

/** The layers on which `ga.amplify` has left something. */
export function standingLayers(model: LayersModel): layers.Layer[] {
  return namedLayers(model, { models: true }).flatMap(({ layer }) =>
    (standing.get(layer) ?? []).length > 0 ? [layer] : [],
  );
}
