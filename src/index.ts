/**
 * gradamp: gradient amplification and per-layer gradient analysis for TensorFlow.js.
 *
 * One import for what most people need: `import * as ga from "gradamp"`. Parts for building further tools on, such as the
 * format of run folders or a sweep's plan, are in `gradamp/advanced`.
 */
import "./tensorflow/doctor/require-node";
import "./files/compile-cache";
import { findMovedNames } from "./moved-names";
import { install } from "./session";

export * from "./surface/models";
export * from "./surface/data";
export * from "./surface/training";
export * from "./surface/amplification";
export * from "./surface/gradients";
export * from "./surface/notebook";
export * from "./surface/pictures";
export * from "./surface/runs";
export * from "./surface/experiments";
export * from "./surface/tensorflow";

install();
findMovedNames(exports);
