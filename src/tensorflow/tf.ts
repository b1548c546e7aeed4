import { install } from "./patches/install";

// Whoever has `tf` has it with its patches.
install();

export { javascriptFallback, tf } from "./loaded-tf";
