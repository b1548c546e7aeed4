import type { Column, Split, TrainingData } from "../datasets";
import { isStreamed } from "../datasets/streams/read-split";
import { forwardLayers, isModel } from "../models/forward-layers";
import { everyLayer } from "../models/inner-layers";
import { type LayersModel, type layers, type SymbolicTensor, tf } from "../tensorflow";

/** Layers that hand on numbers as they are. */
const PASSING = new Set(["Flatten", "Masking", "Permute", "RepeatVector", "Reshape"]);

/**
 * Refuses data whose numbers an embedding has no vectors for, which TensorFlow would say in the middle of a step without
 * naming layer or sample, and numbers that are not whole, which it would cut.
 *
 * @throws {RangeError} if an index is out of the layer's range; the message names the input, the number with its
 *   sample, and the layer
 */
export function checkEmbeddings(model: LayersModel, dataset: TrainingData): void {
  for (const layer of forwardLayers(model)) {
    if (layer.getClassName() !== "Embedding") continue;
    const { inputDim } = layer as layers.Layer & { inputDim: number };
    for (const input of inputsOf(model, layer))
      for (const [name, split] of splitsOf(dataset)) {
        const column = split.inputs[input];
        if (column && !fits(column, inputDim)) refuse(layer, inputDim, column, printInput(name, split, input));
      }
  }
}

/** The model's inputs that a layer gets as they are. */
function inputsOf(model: LayersModel, layer: layers.Layer): number[] {
  const nested = [...everyLayer(model)].filter((inner): inner is LayersModel => isModel(inner));
  const found = new Set<number>();
  const seen = new Set<SymbolicTensor>();
  const follow = (tensor: SymbolicTensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    const at = model.inputs.indexOf(tensor);
    if (at >= 0) found.add(at);
    else if (PASSING.has(tensor.sourceLayer.getClassName())) tensor.inputs.forEach(follow);
    // A nested model's input stands for what it is applied to.
    for (const container of nested) {
      const own = container.inputs.indexOf(tensor);
      if (own < 0 || container === model) continue;
      const nodes = (container as unknown as layers.Layer).inboundNodes;
      for (const node of nodes) follow((node.inputTensors as SymbolicTensor[])[own]!);
    }
  };
  for (const node of layer.inboundNodes) (node.inputTensors as SymbolicTensor[]).forEach(follow);
  return [...found];
}

/** Those in memory: numbers of a stream are not known before they are read. */
function splitsOf({ train, validation, test }: TrainingData): [string, Split][] {
  return Object.entries({ train, validation, test }).filter(
    (entry): entry is [string, Split] => entry[1] !== null && !isStreamed(entry[1]),
  );
}

function fits(column: Column, inputDim: number): boolean {
  // Pixels are divided by 255, and no embedding is meant for them.
  if (column.storage === "uint8") return true;
  return tf.tidy(() => {
    const values = tf.cast(column.tensor, "float32");
    const good = tf.logicalAnd(
      tf.logicalAnd(tf.greaterEqual(values, 0), tf.less(values, inputDim)),
      tf.equal(values, tf.floor(values)),
    );
    return tf.all(good).dataSync()[0] === 1;
  });
}

function refuse(layer: layers.Layer, inputDim: number, column: Column, what: string): never {
  const values = column.tensor.dataSync<"float32" | "int32">();
  const at = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < inputDim));
  const sample = Math.floor((at * column.size) / values.length);
  throw new RangeError(
    `Expected ${what} to hold whole numbers from 0 to ${inputDim - 1}, which layer ${layer.name} has vectors for ` +
      `(inputDim: ${inputDim}), but found ${values[at]} in sample ${sample}: raise inputDim, or number from 0`,
  );
}

const printInput = (name: string, { inputs }: Split, at: number) =>
  inputs.length > 1 ? `input ${at} of ${name}` : `the inputs of ${name}`;
