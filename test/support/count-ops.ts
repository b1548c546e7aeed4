import { nativeBackend } from "../../src/tensorflow";

interface CountingBinding {
  executeOp(name: string, ...rest: unknown[]): unknown;
  createTensor(shape: number[], dtype: number, values: { byteLength?: number; length: number }): number;
}

/** What a call asked of TensorFlow. */
export interface OpCounts {
  /** Runs of each op by name. */
  readonly ops: Record<string, number>;
  readonly total: number;
  /** Bytes that went from JavaScript to TensorFlow. */
  readonly uploadedBytes: number;
  readonly uploads: number;
}

/** Counts the ops that a call runs on the native backend, and the bytes that it uploads. */
export function countOps(call: () => void): OpCounts {
  const backend = nativeBackend()! as { binding: unknown };
  const binding = backend.binding as CountingBinding;
  const ops: Record<string, number> = {};
  let total = 0;
  let uploadedBytes = 0;
  let uploads = 0;
  // The addon's own properties are read-only, so the backend is lent another object that inherits from it.
  backend.binding = Object.create(binding as object, {
    executeOp: {
      value(name: string, ...rest: unknown[]) {
        ops[name] = (ops[name] ?? 0) + 1;
        total++;
        return binding.executeOp(name, ...rest);
      },
    },
    createTensor: {
      value(shape: number[], dtype: number, values: { byteLength?: number; length: number }) {
        uploadedBytes += values.byteLength ?? values.length;
        uploads++;
        return binding.createTensor(shape, dtype, values);
      },
    },
  });
  try {
    call();
  } finally {
    backend.binding = binding;
  }
  return { ops, total, uploadedBytes, uploads };
}
