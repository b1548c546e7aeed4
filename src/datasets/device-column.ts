import { attribute, rawOp, tf, type Tensor, type Tensor1D } from "../tensorflow";
import { gatherRows } from "./gather-rows";
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
      const rows = gatherRows(this, indices);
      if (this.storage === "uint8")
        return rawOp("Cast", { SrcT: attribute.type("uint8"), DstT: attribute.type("float32") }, [rows])[0]!;
      return this.#role === "input" ? tf.cast(rows, "float32") : rows;
    });
  }

  dispose(): void {
    this.tensor.dispose();
  }
}
