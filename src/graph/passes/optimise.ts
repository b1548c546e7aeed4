import { nativeBackend } from "../../tensorflow";
import type { Precision } from "../precision";
import type { Trace } from "../trace";
import { applyPass } from "./apply-pass";
import { biasAddPass } from "./bias-add";
import { bfloat16Pass } from "./bfloat16";
import { sinkScalesPass } from "./sink-scales";
import { smallImageFilterGradientsPass } from "./small-image-filter-gradients";

/** What is done to every step's graph before it becomes a function. */
export function optimise(trace: Trace, precision: Precision): Trace {
  const sunk = applyPass(trace, sinkScalesPass());
  if (precision !== "bfloat16") return sunk;
  const shortened = applyPass(applyPass(sunk, bfloat16Pass()), biasAddPass());
  return nativeBackend()!.isUsingGpuDevice ? shortened : applyPass(shortened, smallImageFilterGradientsPass());
}
