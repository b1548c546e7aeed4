import type { Precision } from "../precision";
import type { Trace } from "../trace";
import { applyPass } from "./apply-pass";
import { bfloat16Pass } from "./bfloat16";
import { sinkScalesPass } from "./sink-scales";

/** What is done to every step's graph before it becomes a function. */
export function optimise(trace: Trace, precision: Precision): Trace {
  const sunk = applyPass(trace, sinkScalesPass());
  return precision === "bfloat16" ? applyPass(sunk, bfloat16Pass()) : sunk;
}
