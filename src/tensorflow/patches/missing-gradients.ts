import type { Tensor } from "@tensorflow/tfjs";
import { tf } from "../loaded-tf";
import { addGradient, type Gradient, type Patch, wrapGradient } from "./patch";

const name = "missing-gradients";

/** Kernels of truth values, which change by no small change of their inputs, by the names of these. */
const FLAT: Readonly<Record<string, readonly string[]>> = {
  Equal: ["a", "b"],
  NotEqual: ["a", "b"],
  Greater: ["a", "b"],
  GreaterEqual: ["a", "b"],
  Less: ["a", "b"],
  LessEqual: ["a", "b"],
  LogicalAnd: ["a", "b"],
  LogicalOr: ["a", "b"],
  LogicalNot: ["x"],
  Any: ["x"],
  All: ["x"],
};

const zeros = (x: Tensor): Tensor => tf.cast(tf.zerosLike(x), "float32");

const flatGradient = (inputs: readonly string[]): Omit<Gradient, "kernelName"> => ({
  inputsToSave: [...inputs],
  gradFunc: (_, saved) => Object.fromEntries(inputs.map((input, at) => [input, () => zeros(saved[at]!)])),
});

/** Adds dy up at its places in a tensor of a shape; places count along the flat tensor. */
function scatter(dy: Tensor, places: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, each) => product * each, 1);
  const rows = tf.reshape(tf.cast(places, "int32"), [-1, 1]);
  return tf.reshape(tf.scatterND(rows, tf.reshape(dy, [-1]), [size]), [...shape]);
}

/** The places of a tensor's numbers along it, in its shape. */
const placesIn = (shape: readonly number[]): Tensor =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((product, each) => product * each, 1),
      1,
      "int32",
    ),
    [...shape],
  );

/** Indices of `gatherND` that have one dimension are one place, those of `scatterND` are a list. */
const ADDED: Readonly<Record<string, Omit<Gradient, "kernelName">>> = {
  ...Object.fromEntries(Object.entries(FLAT).map(([kernelName, inputs]) => [kernelName, flatGradient(inputs)])),
  TopK: {
    inputsToSave: ["x"],
    outputsToSave: [false, true],
    gradFunc: (dy, [x, indices]) => ({
      x: () => {
        const rows = placesIn(x!.shape.slice(0, -1)).expandDims(-1).mul(x!.shape.at(-1)!);
        return scatter((dy as Tensor[])[0]!, tf.add(rows, indices!), x!.shape);
      },
    }),
  },
  StridedSlice: {
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attrs) => ({
      x: () => {
        const places = tf.engine().runKernel("StridedSlice", { x: placesIn(x!.shape) }, attrs) as Tensor;
        return scatter(dy as Tensor, places, x!.shape);
      },
    }),
  },
  GatherNd: {
    inputsToSave: ["params", "indices"],
    gradFunc: (dy, [params, indices]) => ({
      params: () => {
        const isPlace = indices!.rank === 1;
        const updates = isPlace ? tf.expandDims(dy as Tensor, 0) : (dy as Tensor);
        return tf.scatterND(isPlace ? tf.expandDims(indices!, 0) : indices!, updates, params!.shape);
      },
      indices: () => zeros(indices!),
    }),
  },
  ScatterNd: {
    inputsToSave: ["updates", "indices"],
    gradFunc: (dy, [updates, indices]) => ({
      updates: () => {
        const rows = indices!.rank === 1 ? tf.expandDims(indices!, 1) : indices!;
        return tf.reshape(tf.gatherND(dy as Tensor, rows), updates!.shape);
      },
      indices: () => zeros(indices!),
    }),
  },
};

export const missingGradients: Patch = {
  name,
  changes: `gradients ${Object.keys(ADDED).join(", ")}, added, and that of GatherV2 by its indices`,
  reason:
    "without those of comparisons no gradient passes a mask: `tf.where(x.greater(0), …)`, `tf.layers.thresholdedReLU`, " +
    "`tf.layers.masking`; they are zero, as those of tfjs's `step` and `sign`. The others tfjs lacks, too",
  writtenFor: "tfjs 4.22",
  install() {
    for (const [kernelName, gradient] of Object.entries(ADDED)) addGradient(kernelName, gradient);
    wrapGradient(name, "GatherV2", (original) => ({
      ...original,
      gradFunc: (dy, saved, attrs) => ({
        ...original.gradFunc(dy, saved, attrs),
        indices: () => zeros(saved[1]!),
      }),
    }));
  },
};
