/**
 * A number format that a step computes in: bfloat16 is in convolutions and matrix products, with float32 around them; tf32 is
 * float32 with factors shortened by a GPU.
 */
export type Precision = "float32" | "tf32" | "bfloat16";

/** One way in which an engine is run; of several variants the fastest counts. */
export interface EngineVariant {
  readonly engine: EngineName;
  readonly precision: Precision;
  /** Null where an engine has one variant only. */
  readonly variant: string | null;
  /** Program under bench/, compiled JavaScript or Python. */
  readonly program: string;
}

export type EngineName =
  | "graph"
  | "graph.xla"
  | "eager"
  | "fit"
  | "torch"
  | "torch.compile"
  | "torch.autocast"
  | "keras"
  | "products"
  | "peak";

const step = (program: string) => `steps/${program}.js`;
const torch = "python/torch_steps.py";
const keras = "python/keras_steps.py";

/**
 * Everything that is measured on a network, in the order of the table.
 *
 * `products` is no engine: the convolutions and matrix products of a step, each timed alone.
 */
export const ENGINES: readonly EngineVariant[] = [
  { engine: "graph", precision: "float32", variant: null, program: step("train") },
  { engine: "graph", precision: "tf32", variant: null, program: step("train") },
  { engine: "graph", precision: "bfloat16", variant: null, program: step("train") },
  { engine: "graph.xla", precision: "float32", variant: null, program: step("train") },
  { engine: "graph.xla", precision: "tf32", variant: null, program: step("train") },
  { engine: "graph.xla", precision: "bfloat16", variant: null, program: step("train") },
  { engine: "eager", precision: "float32", variant: null, program: step("train") },
  { engine: "fit", precision: "float32", variant: null, program: step("fit") },
  { engine: "torch", precision: "float32", variant: "contiguous", program: torch },
  { engine: "torch", precision: "float32", variant: "channels_last", program: torch },
  { engine: "torch.compile", precision: "float32", variant: "contiguous", program: torch },
  { engine: "torch.compile", precision: "float32", variant: "channels_last", program: torch },
  { engine: "torch", precision: "tf32", variant: "channels_last", program: torch },
  { engine: "torch.compile", precision: "tf32", variant: "channels_last", program: torch },
  { engine: "torch.autocast", precision: "bfloat16", variant: "channels_last", program: torch },
  { engine: "keras", precision: "float32", variant: "XLA off", program: keras },
  { engine: "keras", precision: "float32", variant: "XLA on", program: keras },
  { engine: "keras", precision: "bfloat16", variant: "XLA off", program: keras },
  { engine: "keras", precision: "bfloat16", variant: "XLA on", program: keras },
  { engine: "products", precision: "float32", variant: null, program: step("products") },
  { engine: "products", precision: "bfloat16", variant: null, program: step("products") },
];

export const engineNames = [...new Set(ENGINES.map(({ engine }) => engine))];
