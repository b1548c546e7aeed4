import { checkOptions, whole } from "../options";
import type { NetworkLayerRow } from "../rows";
import { baseLayout, FIGURE_KINDS, type FigureOptions } from "./parts/figure-options";
import type { PlotlyShape, PlotlySpec, PlotlyTrace } from "./parts/plotly-spec";
import { rowsOf, type RowSource } from "./parts/row-source";
import { theme } from "./parts/theme";

/** Options of `ga.figure.networkDiagram`. */
export interface NetworkDiagramOptions extends FigureOptions {
  /** Layers in a line before the diagram turns to the next. Default: 30. */
  perLine?: number;
}

const symbols: Record<string, { symbol: string; kind: string }> = {
  Conv2D: { symbol: "square", kind: "convolution" },
  BatchNormalization: { symbol: "diamond", kind: "batch norm" },
  ReLU: { symbol: "triangle-right", kind: "activation" },
  LeakyReLU: { symbol: "triangle-right", kind: "activation" },
  Activation: { symbol: "triangle-right", kind: "activation" },
  Add: { symbol: "cross", kind: "addition" },
  MaxPooling2D: { symbol: "triangle-down", kind: "pooling" },
  AveragePooling2D: { symbol: "triangle-down", kind: "pooling" },
  GlobalAveragePooling2D: { symbol: "triangle-down", kind: "pooling" },
  InputLayer: { symbol: "circle-open", kind: "input" },
  Dense: { symbol: "hexagon", kind: "dense" },
};
/** Layers of other types go by their own names. */
const lookOf = (type: string) =>
  symbols[type] ?? { symbol: "circle", kind: type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase() };

/**
 * The network as a chain of layers, line by line, connections that skip layers as arcs, the amplified layers in red.
 *
 * @param source Layers in forward order.
 * @param options Any of `NetworkDiagramOptions`; none is needed.
 * @throws {RangeError} if there are none or one is fed by a layer that is not there
 * @example
 * import * as ga from "gradamp";
 * const layer = { amplified: false, parameters: 0 };
 * const figure = ga.figure.networkDiagram([
 *   { ...layer, name: "input", type: "InputLayer", inputs: [] },
 *   { ...layer, name: "conv", type: "Conv2D", inputs: ["input"], parameters: 864 },
 *   { ...layer, name: "bn", type: "BatchNormalization", inputs: ["conv"], parameters: 64, amplified: true },
 *   { ...layer, name: "add", type: "Add", inputs: ["bn", "input"] },
 * ]);
 */
export function networkDiagram(source: RowSource<NetworkLayerRow>, options: NetworkDiagramOptions = {}): PlotlySpec {
  checkOptions("figure.networkDiagram", options, { ...FIGURE_KINDS, perLine: whole(1) });
  const { perLine = 30 } = options;
  const look = theme(options.theme);
  const layers = rowsOf(source);
  if (layers.length === 0) throw new RangeError("Expected at least one layer but found none");
  if (!Number.isInteger(perLine) || perLine < 2)
    throw new RangeError(`Expected perLine to be an integer of at least 2 but found ${perLine}`);
  const places = new Map(layers.map(({ name }, at) => [name, { x: at % perLine, y: -Math.floor(at / perLine), at }]));
  const shapes: PlotlyShape[] = [];
  // How far the arcs above the first line reach.
  let highest = 0.6;
  const arrow = { color: look.faint, width: 1.2 };
  for (const { name, inputs } of layers) {
    const to = places.get(name);
    for (const input of inputs) {
      const from = places.get(input);
      if (!to || !from)
        throw new RangeError(`Expected layer ${input}, which feeds ${name}, among the layers but did not find it`);
      const straight = to.at - from.at === 1;
      const wraps = from.y !== to.y;
      let path = `M ${from.x},${from.y} L ${to.x},${to.y}`;
      if (straight && wraps)
        path = `M ${from.x},${from.y} L ${from.x + 0.5},${from.y} L ${from.x + 0.5},${from.y - 0.62} L -0.6,${from.y - 0.62} L -0.6,${to.y} L ${to.x},${to.y}`;
      else if (!straight && !wraps) {
        const rise = 0.22 + 0.02 * Math.min(8, to.at - from.at);
        // A cubic curve reaches three quarters of the way to its control points.
        highest = Math.max(highest, from.y + 0.75 * rise * 1.6);
        path = `M ${from.x},${from.y} C ${from.x},${from.y + rise * 1.6} ${to.x},${to.y + rise * 1.6} ${to.x},${to.y}`;
      } else if (!straight) {
        path = `M ${from.x},${from.y} C ${from.x},${from.y + 0.5} ${perLine - 0.4},${from.y + 0.4} ${perLine - 0.4},${from.y} M -0.6,${to.y} C -0.6,${to.y + 0.4} ${to.x},${to.y + 0.5} ${to.x},${to.y}`;
      }
      shapes.push({ type: "path", path, line: straight ? arrow : { ...arrow, color: look.baseline }, layer: "below" });
    }
  }
  const looks = layers.map(({ type }) => lookOf(type));
  const kinds = [...new Set(looks.map(({ kind }) => kind))];
  const data: PlotlyTrace[] = kinds.flatMap((kind) =>
    [false, true].flatMap((amplified): PlotlyTrace[] => {
      const own = layers.filter((layer, at) => looks[at]?.kind === kind && layer.amplified === amplified);
      if (own.length === 0) return [];
      return [
        {
          type: "scatter",
          mode: "markers",
          name: amplified ? `${kind}, amplified` : kind,
          x: own.map(({ name }) => places.get(name)?.x ?? null),
          y: own.map(({ name }) => places.get(name)?.y ?? null),
          marker: {
            symbol: lookOf(own[0]?.type ?? "").symbol,
            size: amplified ? 16 : 13,
            color: amplified ? look.amplified : (look.categories[6] ?? look.faint),
            line: { color: amplified ? look.ink : look.ground, width: amplified ? 1.4 : 1 },
          },
          hovertext: own.map(
            ({ name, type, parameters }) =>
              `<b>${name}</b><br>${type}${parameters > 0 ? `<br>${parameters.toLocaleString("en-US")} parameters` : ""}${amplified ? "<br>amplified" : ""}`,
          ),
          hoverinfo: "text",
        },
      ];
    }),
  );
  const lines = Math.ceil(layers.length / perLine);
  const hidden = { showgrid: false, showline: false, showticklabels: false, ticks: "" as const };
  return {
    data,
    layout: {
      ...baseLayout(options, {
        title: layers.some(({ amplified }) => amplified) ? "The network and its amplified layers" : "The network",
        height: 150 + 62 * lines,
      }),
      showlegend: true,
      shapes,
      xaxis: { ...hidden, range: [-0.9, Math.min(layers.length, perLine) - 0.1 + 0.3] },
      yaxis: { ...hidden, range: [-lines + 0.3, highest + 0.15] },
    },
  };
}
