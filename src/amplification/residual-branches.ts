import type { LayersModel, layers, SymbolicTensor } from "../tensorflow";
import { isModel } from "../models/forward-layers";

/** The tensors a symbolic tensor was computed from; none for an input. */
function parents(tensor: SymbolicTensor): SymbolicTensor[] {
  return tensor.inputs ?? [];
}

/** A tensor and everything it was computed from. */
function ancestry(tensor: SymbolicTensor): Set<SymbolicTensor> {
  const seen = new Set<SymbolicTensor>();
  const pending = [tensor];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...parents(next));
  }
  return seen;
}

/**
 * The layers of each residual block's longer branch, in forward order: what lies between a fork and the Add that joins
 * it again. The shorter branch is the shortcut, with or without a projection.
 */
export function residualBranches(model: LayersModel): layers.Layer[][] {
  const branches: layers.Layer[][] = [];
  const enter = (container: LayersModel): void => {
    for (const layer of container.layers) {
      if (isModel(layer)) enter(layer);
      if (layer.getClassName() !== "Add") continue;
      for (const node of layer.inboundNodes) branches.push(longestBranch(node.inputTensors as SymbolicTensor[]));
    }
  };
  enter(model);
  return branches.filter((branch) => branch.length > 0);
}

function longestBranch(joined: SymbolicTensor[]): layers.Layer[] {
  const ancestries = joined.map(ancestry);
  const shared = [...ancestries[0]!].filter((tensor) => ancestries.every((set) => set.has(tensor)));
  const common = new Set(shared);
  const own = ancestries.map((set) => [...set].filter((tensor) => !common.has(tensor)));
  const longest = own.reduce((best, branch) => (branch.length > best.length ? branch : best), []);
  // Collected from the Add backwards; a tensor's id grows in the order in which the network was built.
  return [...new Set([...longest].sort((a, b) => a.id - b.id).map((tensor) => tensor.sourceLayer))];
}
