import { tf, type Tensor } from "../../tensorflow";
import { gatherRows } from "./gather-rows";
import type { Column } from "../types";

/** Samples of a column at positions on the host, as they are stored: a tensor that the caller owns. */
export function selectRows(column: Column, indices: Int32Array): Tensor {
  return tf.tidy(() => gatherRows(column, tf.tensor1d(indices, "int32")));
}
