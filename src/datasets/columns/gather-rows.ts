import { attribute, type OpType, rawOp, runsOnGpu, tf, type Tensor, type Tensor1D } from "../../tensorflow";
import { sampleSizeOf } from "./flat-samples";
import type { Column } from "../types";

/** Samples of a column as they are stored, uint8 included: `[batch, ...sampleShape]`. */
export function gatherRows(column: Pick<Column, "tensor" | "storage">, indices: Tensor1D): Tensor {
  if (column.storage !== "uint8") return tf.gather(column.tensor, indices);
  return tf.tidy(() => gatherBytes(column.tensor, indices));
}

/**
 * Rows of bytes.
 *
 * A GPU has no kernel that gathers bytes: the whole data set would go to the host in every step. So they are gathered as
 * words of two or four bytes, which are numbers to nobody; looking at bytes as words copies nothing.
 */
function gatherBytes(images: Tensor, indices: Tensor1D): Tensor {
  const [size, ...sampleShape] = images.shape as [number, ...number[]];
  const bytes = sampleSizeOf(sampleShape);
  const [batch] = indices.shape;
  const reshape = (rows: Tensor, shape: readonly number[]) =>
    rawOp("Reshape", { T: attribute.type("uint8"), Tshape: INT32 }, [rows, tf.tensor1d([...shape], "int32")])[0]!;
  const { type, width } = bytes % 4 === 0 ? FOUR : TWO;
  if (bytes % width !== 0) {
    if (!runsOnGpu()) return gather("uint8", images, indices);
    // An odd number of bytes: each row gets one more.
    const padded = pad(reshape(images, [size, bytes]), 1);
    return reshape(cut(gatherBytes(padded, indices), bytes), [batch, ...sampleShape]);
  }
  const words = bitcast("uint8", type, reshape(images, [size, bytes / width, width]));
  return reshape(bitcast(type, "uint8", gather(type, words, indices)), [batch, ...sampleShape]);
}

const INT32 = attribute.type("int32");
const FOUR = { type: "float32", width: 4 } as const;
const TWO = { type: "float16", width: 2 } as const;

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
