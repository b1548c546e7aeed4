/**
 * What convolutions and matrix products compute in.  `"bfloat16"` keeps variables, their updates, batch statistics and
 * whatever is measured in float32; activations stay in bfloat16 from one convolution to the next.
 */
export type Precision = "float32" | "bfloat16";
