import { checkModel, checkOptions, someTexts } from "../options";
import type { NetworkLayerRow } from "../rows";
import type { LayersModel, layers } from "../tensorflow";
import { isModel } from "./forward-layers";
import { namedLayers } from "./named-layers";
import { nodesIn } from "./nodes-in";
import { outputLayers } from "./output-layers";

/**
 * The layers of a model in forward order with what feeds them, nested models entered: what `ga.figure.networkDiagram`
 * draws.
 *
 * @param model any `tf.LayersModel`; nested models are entered
 * @param options.amplified names of the layers where gradients are amplified, with or without the path of nested
 *   models. Default: none
 * @throws {TypeError} for an unknown option, or names that are no texts
 *
 * @example
 * import * as ga from "gradamp";
 * const model = ga.resnet18({ width: 4 });
 * const amplified = ga.amplify(model, { group: "first-bn-of-block", ampRatio: 0.5 });
 * const rows = ga.networkLayers(model, { amplified: amplified.layers.map((layer) => layer.name) });
 * const figure = ga.figure.networkDiagram(rows);
 * amplified.remove();
 */
export function networkLayers(model: LayersModel, options: { amplified?: Iterable<string> } = {}): NetworkLayerRow[] {
  checkOptions("networkLayers", options, { amplified: someTexts });
  checkModel(model);
  const marked = new Set(options.amplified);
  const named = namedLayers(model);
  const names = new Map(named.map(({ layer, name }) => [layer, name]));
  const plain = (layer: layers.Layer) => named.filter((other) => other.layer.name === layer.name).length === 1;
  const amplified = (layer: layers.Layer) => marked.has(names.get(layer)!) || (marked.has(layer.name) && plain(layer));
  const rows = new Map<layers.Layer, { layer: layers.Layer; feeders: Set<layers.Layer> }>();
  const enter = (container: LayersModel, outside: readonly layers.Layer[]): void => {
    for (const layer of container.layers) {
      const fed = nodesIn(container, layer).flatMap(({ inboundLayers }) => inboundLayers.flatMap(outputLayers));
      // A nested model's inputs stand for what feeds it.
      const feeders = fed.flatMap((feeder) => (feeder.getClassName() === "InputLayer" && outside.length > 0 ? outside : [feeder])); // prettier-ignore
      if (isModel(layer)) enter(layer, feeders);
      else if (layer.getClassName() !== "InputLayer" || outside.length === 0) {
        const row = rows.get(layer) ?? { layer, feeders: new Set() };
        for (const feeder of feeders) if (feeder !== layer) row.feeders.add(feeder);
        rows.set(layer, row);
      }
    }
  };
  enter(model, []);
  return [...rows.values()].map(({ layer, feeders }) => ({
    name: names.get(layer)!,
    type: layer.getClassName(),
    // A sequential model has an input that is none of its layers.
    inputs: [...feeders].filter((feeder) => rows.has(feeder)).map((feeder) => names.get(feeder)!),
    amplified: amplified(layer),
    parameters: layer.trainableWeights.reduce((sum, weight) => sum + weight.shape.reduce<number>((size, length) => size * (length ?? 1), 1), 0), // prettier-ignore
  }));
}
