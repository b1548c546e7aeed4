import type { LayersModel, layers } from "../tensorflow";
import { isModel } from "./forward-layers";

/** A layer that takes what a nested model is given, and which of its inputs that is. */
export interface InputPlace {
  readonly layer: layers.Layer;
  readonly inputs: ReadonlySet<number>;
}

/** The layers that take a nested model's own inputs, entering models within it; a layer may take other tensors besides. */
export function inputPlaces(model: LayersModel): InputPlace[] {
  const given = new Set<unknown>(model.inputs);
  return model.layers.flatMap((layer): InputPlace[] => {
    const inputs = new Set<number>();
    for (const node of layer.inboundNodes)
      node.inputTensors.forEach((tensor, at) => {
        if (given.has(tensor)) inputs.add(at);
      });
    if (inputs.size === 0) return [];
    return isModel(layer) ? inputPlaces(layer) : [{ layer, inputs }];
  });
}
