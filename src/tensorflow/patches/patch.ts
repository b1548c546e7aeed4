import { tf } from "../loaded-tf";

/** One change to tfjs. */
export interface Patch {
  /** Unique; kebab-case. */
  readonly name: string;
  /** What of tfjs is changed: kernels and gradients as tfjs names them, functions, classes. */
  readonly changes: string;
  /** What is wrong or missing without it. */
  readonly reason: string;
  /** The versions that it was written for: where one of them changes, see whether it is still needed. */
  readonly writtenFor: string;
  /** Makes the change; does nothing where it is made already. */
  install(): void;
}

type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;
export type KernelFunction = Kernel["kernelFunc"];
export type Gradient = NonNullable<ReturnType<typeof tf.getGradient>>;
type AnyFunction = (this: never, ...args: never[]) => unknown;

/** Names of the patches that a function stands for, on the function itself: two copies of gradamp see each other's. */
const PATCHES = Symbol.for("gradamp.patches");

const patchesOf = (made: object): readonly string[] => (made as { [PATCHES]?: readonly string[] })[PATCHES] ?? [];

function mark(patch: string, made: object, original: object): void {
  Object.defineProperty(made, PATCHES, { value: [...patchesOf(original), patch] });
}

/** Whether tfjs-node's kernels are there; its backend need not be the one in use. */
const hasNativeKernels = (): boolean => tf.getKernel("Identity", BACKEND) !== undefined;
const BACKEND = "tensorflow";

/**
 * Puts `wrap`'s result before tfjs-node's kernel. Kernels belong to no backend object: they outlive `tf.engine().reset()`,
 * so they must use the backend that they are called with.
 */
export function wrapKernel(
  patch: string,
  kernelName: string,
  wrap: (original: KernelFunction) => KernelFunction,
): void {
  const kernel = tf.getKernel(kernelName, BACKEND) as Kernel | undefined;
  if (!kernel || patchesOf(kernel.kernelFunc).includes(patch)) return;
  const kernelFunc = wrap(kernel.kernelFunc);
  mark(patch, kernelFunc, kernel.kernelFunc);
  tf.unregisterKernel(kernelName, BACKEND);
  tf.registerKernel({ ...kernel, kernelFunc });
}

/** Gives tfjs-node a kernel that it lacks, with its gradient where it has one. */
export function addKernel(
  kernelName: string,
  kernelFunc: KernelFunction,
  gradient?: Omit<Gradient, "kernelName">,
): void {
  if (!hasNativeKernels() || tf.getKernel(kernelName, BACKEND)) return;
  tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
  if (gradient) tf.registerGradient({ ...gradient, kernelName });
}

/** Gives tfjs a gradient that it lacks. */
export function addGradient(kernelName: string, gradient: Omit<Gradient, "kernelName">): void {
  if (!tf.getGradient(kernelName)) tf.registerGradient({ ...gradient, kernelName });
}

/** Replaces a gradient by what `wrap` makes of it. */
export function wrapGradient(patch: string, kernelName: string, wrap: (original: Gradient) => Gradient): void {
  const original = tf.getGradient(kernelName) as Gradient | undefined;
  if (!original || patchesOf(original.gradFunc).includes(patch)) return;
  const gradient = wrap(original);
  mark(patch, gradient.gradFunc, original.gradFunc);
  tf.registerGradient(gradient);
}

/** Replaces a method or function that an object holds by what `wrap` makes of it. */
export function wrapMethod<Name extends string, Method extends AnyFunction>(
  patch: string,
  holder: Record<Name, Method>,
  name: Name,
  wrap: (original: Method) => Method,
): void {
  const original = holder[name];
  if (patchesOf(original).includes(patch)) return;
  const made = wrap(original);
  mark(patch, made, original);
  holder[name] = made;
}
