/**
 * TensorFlow itself: `tf` is tfjs on the native engine, `graph` compiles steps of your own, `profile` says where time goes.
 *
 * @module tensorflow
 */
export * as graph from "./namespaces/graph";
export { install, tfjsPatches } from "../session";
export { type LayersModel, profile, type Scalar, type SymbolicTensor, type Tensor, tf } from "../tensorflow";
