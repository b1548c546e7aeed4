import { attribute, type OpType, rawOp, runsOnGpu, tf, type Tensor, type Tensor1D } from "../../tensorflow";
import { sampleSizeOf } from "./flat-samples";
import type { Column } from "../types";

/** Samples of a column as they are stored, uint8 included: `[batch, ...sampleShape]`. */
export function gatherRows(column: Pick<Column, "tensor" | "storage">, indices: Tensor1D): Tensor {
  if (column.storage !== "uint8") return tf.gather(column.tensor, indices);
  return tf.tidy(() => gatherBytes(column.tensor, indices));
}

/** Bytes of a word. */
const WIDTH = 4;
const INT32 = attribute.type("int32");

/**
 * Rows of bytes.
 *
 * A GPU has no kernel that gathers bytes: the whole data set would go to the host in every step. So they are gathered as
 * words of four bytes, which are numbers to nobody; looking at bytes as words copies nothing. Rows of which no whole
 * number of words can be made are filled up first, on a GPU alone.
 */
function gatherBytes(images: Tensor, indices: Tensor1D): Tensor {
  const [size, ...sampleShape] = images.shape as [number, ...number[]];
  const bytes = sampleSizeOf(sampleShape);
  const rest = bytes % WIDTH;
  if (rest > 0 && !runsOnGpu()) return gather("uint8", images, indices);
  const words = Math.ceil(bytes / WIDTH);
  const rows = rest === 0 ? images : pad(reshape(images, [size, bytes]), WIDTH - rest);
  const chosen = gather("float32", bitcast("uint8", "float32", reshape(rows, [size, words, WIDTH])), indices);
  const filled = bitcast("float32", "uint8", chosen);
  const [batch] = indices.shape;
  const whole = rest === 0 ? filled : cut(reshape(filled, [batch, words * WIDTH]), bytes);
  return reshape(whole, [batch, ...sampleShape]);
}

const reshape = (values: Tensor, shape: readonly number[]): Tensor =>
  rawOp("Reshape", { T: attribute.type("uint8"), Tshape: INT32 }, [values, tf.tensor1d([...shape], "int32")])[0]!;

function gather(type: OpType, values: Tensor, indices: Tensor1D): Tensor {
  const attributes = {
    Tparams: attribute.type(type),
    Tindices: INT32,
    Taxis: INT32,
    batch_dims: attribute.int(0),
  };
  return rawOp("GatherV2", attributes, [values, indices, tf.scalar(0, "int32")])[0]!;
}

const bitcast = (from: OpType, to: OpType, values: Tensor): Tensor =>
  rawOp("Bitcast", { T: attribute.type(from), type: attribute.type(to) }, [values])[0]!;

function pad(rows: Tensor, columns: number): Tensor {
  const paddings = tf.tensor2d([0, 0, 0, columns], [2, 2], "int32");
  return rawOp("Pad", { T: attribute.type("uint8"), Tpaddings: INT32 }, [rows, paddings])[0]!;
}

/** The first columns of rows of bytes; a strided slice, since a GPU has no kernel for another of bytes. */
function cut(rows: Tensor, columns: number): Tensor {
  const [batch] = rows.shape as [number];
  const numbers = (...values: number[]) => tf.tensor1d(values, "int32");
  const masks = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"];
  const attributes = Object.fromEntries(masks.map((name) => [name, attribute.int(0)]));
  return rawOp("StridedSlice", { T: attribute.type("uint8"), Index: INT32, ...attributes }, [
    ...[rows, numbers(0, 0), numbers(batch, columns), numbers(1, 1)],
  ])[0]!;
}
