import { show } from "../../spec";

type Json = Record<string, unknown>;

/**
 * A network's topology as tfjs reads it (Keras 2's form), from what Keras 3 writes: `batch_shape`, `module` and
 * `registered_name`, `build_config`, policies as dtypes, and nodes as calls with arguments.
 *
 * @param topology what `model.to_json()` gives, or stands in a model.json as `modelTopology`
 * @throws {TypeError} if it describes no network
 * @throws {RangeError} if a layer does what tfjs's layer of that name does not, which would be another network
 */
export function kerasTopology(topology: unknown): Json {
  const outer = topology as Json | null | undefined;
  const config = (outer?.["model_config"] ?? outer) as Json | string | null | undefined;
  const found = (typeof config === "string" ? JSON.parse(config) : config) as Json | null | undefined;
  if (typeof found?.["class_name"] !== "string" || typeof found["config"] !== "object")
    throw new TypeError(`Expected a network's topology with class_name and config but found ${show(topology)}`);
  // Keras 3 says of each object where it is registered; Keras 2 and tfjs know no such thing.
  return "registered_name" in found || "module" in found ? networkOf(found) : found;
}

function networkOf({ class_name, config }: Json): Json {
  const { layers, input_layers, output_layers, build_input_shape: _, ...rest } = config as Json;
  const networks = new Set((layers as Json[]).filter(isNetwork).map((layer) => layer["name"] ?? (layer["config"] as Json)["name"])); // prettier-ignore
  // tfjs counts the making of a network as its first call.
  const called: Called = ([name, call, output]) => [name, networks.has(name) ? call + 1 : call, output];
  const places = (given: unknown) => (Array.isArray(given) && typeof given[0] === "string" ? [given] : (given as Place[])).map((place) => called(place as Place)); // prettier-ignore
  return {
    class_name: class_name === "Functional" ? "Model" : class_name,
    config: {
      ...rest,
      layers: (layers as Json[]).map((layer) => layerOf(layer, called)),
      ...(input_layers === undefined ? {} : { input_layers: places(input_layers) }),
      ...(output_layers === undefined ? {} : { output_layers: places(output_layers) }),
    },
  };
}

/** Of which layer, of which of its calls, which output. */
type Place = [layer: string, call: number, output: number];
type Called = (place: Place) => Place;

const isNetwork = ({ config }: Json): boolean => Array.isArray((config as Json)["layers"]);

function layerOf(layer: Json, called: Called = (place) => place): Json {
  const { class_name, config, inbound_nodes } = layer;
  const inner = config as Json;
  const plain = isNetwork(layer) ? (networkOf(layer)["config"] as Json) : settingsOf(String(class_name), inner);
  return {
    class_name: class_name === "Functional" ? "Model" : class_name,
    config: plain,
    name: layer["name"] ?? inner["name"],
    inbound_nodes: ((inbound_nodes ?? []) as Json[]).map((node) => nodeOf(node, called)),
  };
}

/** What a layer of tfjs has not, with the value that leaves it as tfjs's layer is. */
const ONLY_KERAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Conv1D: { groups: 1 },
  Conv2D: { groups: 1 },
  Conv3D: { groups: 1 },
  ReLU: { negative_slope: 0, threshold: 0 },
  LayerNormalization: { rms_scaling: false },
  GlobalAveragePooling1D: { keepdims: false },
  GlobalAveragePooling2D: { keepdims: false },
  GlobalMaxPooling1D: { keepdims: false },
  GlobalMaxPooling2D: { keepdims: false },
};

/** Activations that Keras 3 and tfjs call, or compute, otherwise. */
const ACTIVATIONS: Readonly<Record<string, string>> = { silu: "swish" };
const OTHER_ACTIVATIONS = ["hard_sigmoid", "hard_silu", "hard_swish"];

function settingsOf(className: string, config: Json): Json {
  const { batch_shape, build_config: _, quantization_config: __, ...rest } = config;
  for (const [name, value] of Object.entries(ONLY_KERAS[className] ?? {}))
    if (rest[name] !== undefined && rest[name] !== value)
      throw new RangeError(
        `Expected ${name} of the ${className} ${String(config["name"])} to be ${String(value)}, as of tfjs's layer, but found ${show(rest[name])}`,
      );
  const settings = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, valueOf(name, value, config)])); // prettier-ignore
  // Keras 3 gave alpha a name of its own.
  if (className === "LeakyReLU" && "negative_slope" in settings) settings["alpha"] = settings["negative_slope"];
  return { ...settings, ...(batch_shape === undefined ? {} : { batch_input_shape: batch_shape }) };
}

function valueOf(name: string, value: unknown, layer: Json): unknown {
  if (name === "activation" || name === "recurrent_activation") {
    const found = typeof value === "object" && value !== null ? (value as Json)["config"] : value;
    if (OTHER_ACTIVATIONS.includes(String(found)))
      throw new RangeError(`Expected an activation of ${String(layer["name"])} that tfjs computes as Keras 3 does but found ${show(found)}`); // prettier-ignore
    return typeof found === "string" ? (ACTIVATIONS[found] ?? found) : found;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { class_name, config } = value as Json;
  if (typeof class_name !== "string") return value;
  if (name === "dtype") return (config as Json)["name"];
  // A layer within a layer, as of TimeDistributed.
  if (name === "layer" || name === "forward_layer" || name === "backward_layer") return layerOf(value as Json);
  // tfjs has one regularizer for both.
  if (class_name === "L1" || class_name === "L2") return { class_name: "L1L2", config: { l1: 0, l2: 0, ...(config as Json) } }; // prettier-ignore
  return { class_name, config };
}

/** A call of a layer as `[[layer, node, tensor, arguments], …]`. */
function nodeOf(node: unknown, called: Called): unknown {
  if (Array.isArray(node)) return node;
  const { args = [], kwargs = {} } = node as { args?: unknown; kwargs?: Json };
  const known = Object.entries(kwargs).filter(([, value]) => value !== null && !hasTensor(value));
  const tensors = [...tensorsIn(args), ...tensorsIn(kwargs)].map(called);
  return tensors.map((place) => [...place, Object.fromEntries(known)]);
}

const isTensor = (value: unknown): value is { config: { keras_history: Place } } =>
  (value as Json | null | undefined)?.["class_name"] === "__keras_tensor__";

const hasTensor = (value: unknown): boolean => tensorsIn(value).length > 0;

/** The tensors in a call's arguments, in order. */
function tensorsIn(value: unknown): Place[] {
  if (isTensor(value)) return [value.config.keras_history];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(tensorsIn);
}
