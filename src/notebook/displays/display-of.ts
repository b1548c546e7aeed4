import type { MimeBundle } from "../kernel-cell";

const symbol = Symbol.for("Jupyter.display");

/** How a value shows itself in a notebook; null where it has no way of its own. */
export async function displayOf(value: object): Promise<MimeBundle | null> {
  const own = (value as { [name: symbol]: unknown })[symbol];
  if (typeof own === "function") return (await (own as () => unknown).call(value)) as MimeBundle;
  return null;
}
