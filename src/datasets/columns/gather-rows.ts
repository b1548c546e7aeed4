import { attribute, rawOp, tf, type Tensor, type Tensor1D } from "../../tensorflow";
import type { Column } from "../types";

/** Samples of a column as they are stored, uint8 included: `[batch, ...sampleShape]`. */
export function gatherRows(column: Pick<Column, "tensor" | "storage">, indices: Tensor1D): Tensor {
  if (column.storage !== "uint8") return tf.gather(column.tensor, indices);
  const attributes = {
    Tparams: attribute.type("uint8"),
    Tindices: attribute.type("int32"),
    Taxis: attribute.type("int32"),
    batch_dims: attribute.int(0),
  };
  return tf.tidy(() => rawOp("GatherV2", attributes, [column.tensor, indices, tf.scalar(0, "int32")])[0]!);
}
