import { tf, type Tensor } from "../../tensorflow";
import { DeviceColumn } from "../columns/device-column";
import { sampleSizeOf } from "../columns/flat-samples";
import { PixelUploader } from "../columns/pixel-uploader";
import type { ColumnKind } from "../types";

/** Samples of a column on the host, one after the other. */
export interface HostColumn {
  readonly values: Float32Array | Int32Array | Uint8Array;
  readonly sampleShape: readonly number[];
}

/** Room for samples of a kind. */
export function hostArray({ storage }: Pick<ColumnKind, "storage">, numbers: number): HostColumn["values"] {
  if (storage === "uint8") return new Uint8Array(numbers);
  return storage === "int32" ? new Int32Array(numbers) : new Float32Array(numbers);
}

/** Samples on the device, `[rows, ...sampleShape]`, as a column of their kind holds them. */
export function upload(values: HostColumn["values"], { sampleShape }: ColumnKind): Tensor {
  const rows = values.length / sampleSizeOf(sampleShape);
  if (!(values instanceof Uint8Array))
    return tf.tensor(values, [rows, ...sampleShape], values instanceof Int32Array ? "int32" : "float32");
  const uploader = new PixelUploader(sampleShape);
  uploader.add(values);
  return uploader.finish().tensor;
}

/** A column of a kind over a tensor. */
export function columnOver(tensor: Tensor, kind: ColumnKind, role: "input" | "target"): DeviceColumn {
  const { storage, pixels, image, normalised } = kind;
  return new DeviceColumn(tensor, { storage: deviceStorage(tensor, storage), role, pixels, image, normalised });
}

/** tfjs's JavaScript backend has no bytes. */
function deviceStorage(tensor: Tensor, storage: ColumnKind["storage"]): ColumnKind["storage"] {
  return storage === "uint8" && tf.getBackend() !== "tensorflow" ? (tensor.dtype as "int32") : storage;
}
