import { nativeBackend, type OpAttribute, type Tensor } from "../tensorflow";

/** What tfjs-node keeps of a tensor: values that are not yet on the device, or the addon's id of those that are. */
export interface TensorData {
  readonly shape: number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  /** Null once they are on the device. */
  values: ArrayBufferView | string[] | null;
  id: number;
}

/** An output as the addon tells it. */
export interface OutputMetadata {
  readonly id: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** The addon's calls that tracing stands in for. */
export interface Binding {
  executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): OutputMetadata[];
}

/** tfjs-node's backend, with the members that tracing and compiled calls stand on; unchanged since tfjs 3. */
export interface BackendInternals {
  binding: Binding;
  readonly tensorMap: { has(dataId: object): boolean; get(dataId: object): TensorData };
  getInputTensorIds(tensors: readonly { readonly dataId: object }[]): number[];
  createOutputTensor(metadata: OutputMetadata): Tensor;
  move(dataId: object, values: unknown, shape: number[], dtype: string, refCount: number): void;
  readSync(dataId: object): unknown;
  read(dataId: object): Promise<unknown>;
}

/** @throws {Error} if tfjs does not run on TensorFlow */
export function backendInternals(): BackendInternals {
  const backend = nativeBackend();
  if (!backend) throw new Error("Expected tfjs to run on native TensorFlow but it does not: run `gradamp setup`");
  return backend as unknown as BackendInternals;
}
