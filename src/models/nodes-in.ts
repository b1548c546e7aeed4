import type { LayersModel, layers } from "../tensorflow";

/** One application of a layer. */
export interface Node {
  readonly inboundLayers: readonly layers.Layer[];
}

/** A model's own applications of a layer; other models may share it. */
export function nodesIn(container: LayersModel, layer: layers.Layer): Node[] {
  const all = (layer as unknown as { inboundNodes: readonly Node[] }).inboundNodes;
  const sequential = container as unknown as { model?: LayersModel | null; build(): void };
  // A sequential model knows its nodes only once it has been used or built.
  if (container.getClassName() === "Sequential" && !sequential.model) sequential.build();
  const inner = sequential.model ?? container;
  const known = (inner as unknown as { containerNodes: ReadonlySet<string> }).containerNodes;
  return all.filter((_, index) => known.has(`${layer.name}_ib-${index}`));
}
