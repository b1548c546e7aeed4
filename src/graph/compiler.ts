/**
 * What makes code of a step beyond TensorFlow's own kernels.
 *
 * - `"none"`: each op is run by its kernel.
 * - `"xla"`: XLA compiles the step as one program, in which ops are fused; it takes seconds, once for each combination of
 *   shapes. gradamp's own kernels are none of it.
 */
export type Compiler = "none" | "xla";
