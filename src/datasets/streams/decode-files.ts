import { readFile } from "node:fs/promises";
import { backendInternals } from "../../graph/backend-internals";
import { addConstant } from "../../graph/constant";
import { DataType } from "../../graph/data-type";
import { functionName } from "../../graph/function-names";
import { Graph, type Value } from "../../graph/graph";
import { op, placeholder } from "../../graph/op-attributes";
import { graphBinding, rawOp, attribute, tf, type Tensor } from "../../tensorflow";
import { decodeImage } from "../decode-image";
import { exifOrientation } from "../exif-orientation";

/** Files of a call: enough that a call costs nothing beside them, few enough that several calls share a part. */
const FILES = 32;

/** The functions that decode so many images to a size, by both. */
const functions = new Map<string, string>();

/**
 * Reads and decodes image files to one size, `[files, height, width, 3]` uint8, in threads of TensorFlow's while
 * JavaScript goes on: to the same pixels as {@link decodeImage}.
 *
 * @param calls how many calls are made at the same time, each of some files
 * @returns a tensor for each call's files, in the files' order, which the caller owns
 * @throws {Error} if a file cannot be read; the message names it
 */
export async function decodeFiles(
  paths: readonly string[],
  size: readonly [number, number],
  calls: number,
  isClosed: () => boolean,
): Promise<Tensor[]> {
  const groups = Array.from({ length: Math.ceil(paths.length / FILES) }, (_, at) =>
    paths.slice(at * FILES, (at + 1) * FILES),
  );
  const decoded: Tensor[][] = groups.map(() => []);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < groups.length && !isClosed()) {
      const at = next++;
      decoded[at] = await decodeGroup(groups[at]!, size);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(calls, groups.length) }, work));
  const failed = ended.find((result): result is PromiseRejectedResult => result.status === "rejected");
  if (!failed && !isClosed()) return decoded.flat();
  tf.dispose(decoded.flat());
  if (failed) throw failed.reason;
  return [];
}

async function decodeGroup(paths: readonly string[], size: readonly [number, number]): Promise<Tensor[]> {
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  const turned = contents.some((content) => exifOrientation(content) !== 1);
  if (!turned && graphBinding()) {
    const found = await callDecoder(contents, size);
    if (found) return [found];
  }
  // One by one: pictures that have to be turned, and those among which one cannot be decoded, which is then named.
  const images: Tensor[] = [];
  try {
    contents.forEach((content, at) => images.push(decodeImage(content, paths[at]!, size)));
    return images;
  } catch (error) {
    tf.dispose(images);
    throw error;
  }
}

/** All images by one call; null where one of them cannot be decoded. */
async function callDecoder(contents: readonly Uint8Array[], size: readonly [number, number]): Promise<Tensor | null> {
  const backend = backendInternals();
  const texts = contents.map((content) => tf.tensor([content], [], "string"));
  try {
    const name = decoder(contents.length, size);
    const [found] = await graphBinding()!.executeAsync(name, backend.getInputTensorIds(texts), 1);
    return backend.createOutputTensor(found!);
  } catch {
    return null;
  } finally {
    tf.dispose(texts);
  }
}

/** A function that decodes so many files to a size. */
function decoder(files: number, size: readonly [number, number]): string {
  const key = `${files} ${size.join("×")}`;
  const known = functions.get(key);
  if (known !== undefined) return known;
  const name = functionName("decode_files");
  const resize = functionName("resize_image");
  const keep = functionName("keep_image");
  withImage((graph, image) => graph.define(keep, [image], [graph.add("Identity", [], [image]).outputs[0]!], []));
  withImage((graph, image) => graph.define(resize, [image], [addResize(graph, image, size)], []));
  const graph = new Graph();
  try {
    const inputs = Array.from({ length: files }, () => placeholder(graph, DataType.string, []));
    const images = inputs.map((content) => addDecode(graph, content, size, { keep, resize }));
    const packed = graph.add("Pack", [op.int("axis", 0)], images).outputs[0]!;
    graph.define(name, inputs, [packed], []);
  } finally {
    graph.dispose();
  }
  functions.set(key, name);
  return name;
}

function withImage(define: (graph: Graph, image: Value) => void): void {
  const graph = new Graph();
  try {
    define(graph, placeholder(graph, DataType.uint8, [-1, -1, 3]));
  } finally {
    graph.dispose();
  }
}

function addDecode(
  graph: Graph,
  content: Value,
  size: readonly [number, number],
  { keep, resize }: { keep: string; resize: string },
): Value {
  const decode = [op.int("channels", 3), op.type("dtype", DataType.uint8), op.bool("expand_animations", false)];
  const image = graph.add("DecodeImage", decode, [content]).outputs[0]!;
  const wanted = addConstant(graph, DataType.int32, [2], Int32Array.from(size));
  const fits = graph.add("Equal", [], [addSize(graph, image), wanted]).outputs[0]!;
  const axis = addConstant(graph, DataType.int32, [1], Int32Array.of(0));
  const all = graph.add("All", [], [fits, axis]).outputs[0]!;
  const branches = [
    op.type("Tin", [DataType.uint8]),
    op.type("Tout", [DataType.uint8]),
    op.functionName("then_branch", keep),
    op.functionName("else_branch", resize),
  ];
  return graph.add("StatelessIf", branches, [all, image]).outputs[0]!;
}

/** `[height, width]` of an image. */
function addSize(graph: Graph, image: Value): Value {
  const shape = graph.add("Shape", [op.type("out_type", DataType.int32)], [image]).outputs[0]!;
  const [begin, end, stride] = [0, 2, 1].map((at) => addConstant(graph, DataType.int32, [1], Int32Array.of(at)));
  return graph.add("StridedSlice", [], [shape, begin!, end!, stride!]).outputs[0]!;
}

/** The same resizing as {@link decodeImage}'s. */
function addResize(graph: Graph, image: Value, size: readonly [number, number]): Value {
  const toFloat = op.type("DstT", DataType.float32);
  const found = graph.add("Cast", [toFloat], [addSize(graph, image)]).outputs[0]!;
  const wanted = addConstant(graph, DataType.float32, [2], Float32Array.from(size));
  const scale = graph.add("RealDiv", [], [wanted, found]).outputs[0]!;
  const first = addConstant(graph, DataType.int32, [], Int32Array.of(0));
  const batch = graph.add("ExpandDims", [], [image, first]).outputs[0]!;
  const whole = addConstant(graph, DataType.int32, [2], Int32Array.from(size));
  const nowhere = addConstant(graph, DataType.float32, [2], Float32Array.of(0, 0));
  const kernel = [op.string("kernel_type", "triangle"), op.bool("antialias", true)];
  const resized = graph.add("ScaleAndTranslate", kernel, [batch, whole, scale, nowhere]).outputs[0]!;
  const rounded = graph.add("Round", [], [resized]).outputs[0]!;
  const [low, high] = [0, 255].map((bound) => addConstant(graph, DataType.float32, [], Float32Array.of(bound)));
  const clipped = graph.add("ClipByValue", [], [rounded, low!, high!]).outputs[0]!;
  const bytes = graph.add("Cast", [op.type("DstT", DataType.uint8)], [clipped]).outputs[0]!;
  return graph.add("Squeeze", [op.ints("squeeze_dims", [0])], [bytes]).outputs[0]!;
}

/** Images of several calls, and zeros up to a number of them, as one tensor; frees what it joins. */
export function joinImages(parts: readonly Tensor[], rows: number): Tensor {
  const [, ...sampleShape] = parts[0]!.shape;
  const missing = rows - parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const T = attribute.type("uint8");
  if (parts.length === 1 && missing === 0) return parts[0]!;
  try {
    return tf.tidy(() => {
      const rest =
        missing > 0
          ? rawOp("Cast", { SrcT: attribute.type("int32"), DstT: T }, [tf.zeros([missing, ...sampleShape], "int32")])
          : [];
      const all = [...parts, ...rest];
      const types = { N: attribute.int(all.length), T, Tidx: attribute.type("int32") };
      return rawOp("ConcatV2", types, [...all, tf.scalar(0, "int32")])[0]!;
    });
  } finally {
    tf.dispose([...parts]);
  }
}
