import { type Tensor, tf } from "../tensorflow";

/** What a step may return: nothing, a tensor, or lists and plain objects of them. */
export type Output = void | null | Tensor | readonly Output[] | { readonly [name: string]: Output };

/** The tensors of an output in a fixed order, and how to put others in their places. */
export function flatten(output: Output): { tensors: Tensor[]; rebuild: (tensors: readonly Tensor[]) => Output } {
  if (output === undefined || output === null) return { tensors: [], rebuild: () => output };
  if (output instanceof tf.Tensor) return { tensors: [output], rebuild: ([tensor]) => tensor! };
  if (!isContainer(output)) {
    throw new TypeError(
      `Expected a step to return tensors, or lists and plain objects of them, but found ${describe(output)}`,
    );
  }
  const entries = Object.entries(output as { readonly [name: string]: Output });
  const parts = entries.map(([, part]) => flatten(part));
  return {
    tensors: parts.flatMap(({ tensors }) => tensors),
    rebuild: (tensors) => {
      let used = 0;
      const values = parts.map((part) => part.rebuild(tensors.slice(used, (used += part.tensors.length))));
      return Array.isArray(output) ? values : Object.fromEntries(entries.map(([name], at) => [name, values[at]!]));
    },
  };
}

function isContainer(output: unknown): boolean {
  if (typeof output !== "object") return false;
  return Array.isArray(output) || [Object.prototype, null].includes(Object.getPrototypeOf(output) as null);
}

function describe(output: unknown): string {
  if (output instanceof Promise) {
    // What comes after its first await fails without anybody waiting for it.
    output.catch(() => undefined);
    return "a promise: a step is over when it returns, so make it a plain function";
  }
  if (typeof output === "object") return `an instance of ${output!.constructor.name}`;
  return `${typeof output} ${String(output)}, which would be frozen: return a tensor`;
}
