import type { Rewrite } from "./inline";

/**
 * What convolutions and matrix products compute in.  `"bfloat16"` keeps everything else, and every variable, in float32.
 */
export type Precision = "float32" | "bfloat16";

/** The graph pass for a precision. */
export function rewriteFor(precision: Precision): Rewrite | undefined {
  if (precision === "float32") return undefined;
  throw new Error("bfloat16 is not there yet");
}
