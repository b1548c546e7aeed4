import { attribute, rawOp, tf, type Tensor, type Tensor1D } from "../tensorflow";
import type { Column } from "./types";

/** A column over a tensor that it owns. */
export class DeviceColumn implements Column {
  readonly sampleShape: readonly number[];
  readonly size: number;
  readonly tensor: Tensor;
  readonly storage: Column["storage"];
  readonly pixels: boolean;
  readonly #role: "input" | "target";

  /** @param tensor `[size, ...sampleShape]`, freed by `dispose` */
  constructor(tensor: Tensor, options: { storage: Column["storage"]; pixels: boolean; role: "input" | "target" }) {
    this.tensor = tensor;
    this.size = tensor.shape[0]!;
    this.sampleShape = tensor.shape.slice(1);
    this.storage = options.storage;
    this.pixels = options.pixels;
    this.#role = options.role;
  }

  gather(indices: Tensor1D): Tensor {
    return tf.tidy(() => {
      const rows = this.storage === "uint8" ? gatherBytes(this.tensor, indices) : tf.gather(this.tensor, indices);
      return this.#role === "input" ? tf.cast(rows, "float32") : rows;
    });
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** `[batch, ...shape]` float32 from `[size, ...shape]` uint8. */
function gatherBytes(bytes: Tensor, indices: Tensor1D): Tensor {
  const [rows] = rawOp(
    "GatherV2",
    {
      Tparams: attribute.type("uint8"),
      Tindices: attribute.type("int32"),
      Taxis: attribute.type("int32"),
      batch_dims: attribute.int(0),
    },
    [bytes, indices, tf.scalar(0, "int32")],
  );
  return rawOp("Cast", { SrcT: attribute.type("uint8"), DstT: attribute.type("float32") }, [rows!])[0]!;
}
