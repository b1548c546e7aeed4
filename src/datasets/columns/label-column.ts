import { tf } from "../../tensorflow";
import { DeviceColumn } from "./device-column";
import type { Column } from "../types";

/** Class labels on the device, `[size]` int32. */
export function labelColumn(labels: ArrayLike<number>): Column {
  const tensor = tf.tensor1d(Int32Array.from(labels), "int32");
  return new DeviceColumn(tensor, { storage: "int32", role: "target" });
}
