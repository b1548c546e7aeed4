import { networkLayers } from "../models";
import type { LayersModel } from "../tensorflow";

/** Weights that lie one behind the other: those of a layer, or of one direction of a bidirectional one. */
interface Unit {
  readonly name: string;
  readonly layer: string;
}

/**
 * The chain of each weight: a layer goes on with the chain of a layer that feeds it, the oldest that nobody has gone on
 * with, and begins one of its own where there is none, as the second of two branches does.
 *
 * @param weights in forward order, with their layer and their part in it, as `forward/`
 * @returns the name of the layer with which each weight's chain begins; null where there is but one chain
 */
export function weightChains(
  model: LayersModel,
  weights: readonly { readonly layer: string; readonly part: string }[],
): string[] | null {
  const units = weights.map(({ layer, part }): Unit => {
    const [direction] = /^(?:forward|backward)(?=\/)/.exec(part) ?? [];
    return { layer, name: direction ? `${layer}/${direction}` : layer };
  });
  const feeders = feedersAmong(model, new Set(weights.map(({ layer }) => layer)));
  /** The chain of each unit, and each chain's last unit; chains in the order in which they begin. */
  const chainOf = new Map<string, string>();
  const last = new Map<string, string>();
  for (const { name, layer } of units) {
    if (chainOf.has(name)) continue;
    const fed = new Set(feeders(layer));
    const open = units.filter((unit) => fed.has(unit.layer) && last.get(chainOf.get(unit.name)!) === unit.name);
    const chain = [...last.keys()].find((begun) => open.some((unit) => chainOf.get(unit.name) === begun)) ?? name;
    chainOf.set(name, chain);
    last.set(chain, name);
  }
  return last.size > 1 ? units.map(({ name }) => chainOf.get(name)!) : null;
}

/** The nearest layers, of some, from which a layer gets its inputs. */
function feedersAmong(model: LayersModel, some: ReadonlySet<string>): (layer: string) => string[] {
  const inputs = new Map(networkLayers(model).map((row) => [row.name, row.inputs]));
  return (layer) => {
    const seen = new Set<string>();
    const pending = [...(inputs.get(layer) ?? [])];
    const found: string[] = [];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (some.has(next)) found.push(next);
      else pending.push(...(inputs.get(next) ?? []));
    }
    return found;
  };
}
