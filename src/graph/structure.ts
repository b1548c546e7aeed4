import { type Tensor, tf } from "../tensorflow";

/** What a step may return: nothing, a tensor, or lists and plain objects of them. */
export type Output = void | null | Tensor | readonly Output[] | { readonly [name: string]: Output };

/** The tensors of an output in a fixed order, and how to put others in their places. */
export function flatten(output: Output): { tensors: Tensor[]; rebuild: (tensors: readonly Tensor[]) => Output } {
  if (output === undefined || output === null) return { tensors: [], rebuild: () => output };
  if (output instanceof tf.Tensor) return { tensors: [output], rebuild: ([tensor]) => tensor! };
  if (typeof output !== "object") {
    throw new TypeError(
      `Expected a step to return tensors but found ${JSON.stringify(output)}: a number would be frozen`,
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
