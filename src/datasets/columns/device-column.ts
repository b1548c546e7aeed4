import { attribute, rawOp, tf, type Tensor, type Tensor1D } from "../../tensorflow";
import { refuseIfRead } from "./column-use";
import { gatherRows } from "./gather-rows";
import type { Column } from "../types";

/** What a {@link DeviceColumn} is told of its values. */
export interface ColumnOptions {
  readonly storage: Column["storage"];
  readonly role: "input" | "target";
  /** Default: false. */
  readonly pixels?: boolean;
  /** Default: pixels are images. */
  readonly image?: boolean;
  /** Default: pixels are. */
  readonly normalised?: boolean;
}

/** A column over a tensor that it owns. */
export class DeviceColumn implements Column {
  readonly sampleShape: readonly number[];
  readonly size: number;
  readonly tensor: Tensor;
  readonly storage: Column["storage"];
  readonly pixels: boolean;
  readonly image: boolean;
  readonly normalised: boolean;
  readonly #options: ColumnOptions;

  /** @param tensor `[size, ...sampleShape]`, freed by `dispose` */
  constructor(tensor: Tensor, options: ColumnOptions) {
    this.tensor = tensor;
    this.size = tensor.shape[0]!;
    this.sampleShape = tensor.shape.slice(1);
    this.storage = options.storage;
    this.pixels = options.pixels ?? false;
    this.image = options.image ?? this.pixels;
    this.normalised = options.normalised ?? this.pixels;
    this.#options = options;
  }

  /** Whether its values are what a model takes or what it is to give. */
  get role(): ColumnOptions["role"] {
    return this.#options.role;
  }

  /** A column of the same kind, or of another, over another tensor or the same one; one of the two is disposed of. */
  like(tensor: Tensor, changed: Partial<ColumnOptions> = {}): DeviceColumn {
    return new DeviceColumn(tensor, { ...this.#options, ...changed });
  }

  gather(indices: Tensor1D): Tensor {
    return tf.tidy(() => {
      const rows = gatherRows(this, indices);
      if (this.storage === "uint8")
        return rawOp("Cast", { SrcT: attribute.type("uint8"), DstT: attribute.type("float32") }, [rows])[0]!;
      return this.#options.role === "input" ? tf.cast(rows, "float32") : rows;
    });
  }

  dispose(): void {
    refuseIfRead([this]);
    this.tensor.dispose();
  }
}
