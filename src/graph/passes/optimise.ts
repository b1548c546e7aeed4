import { withStockOps } from "../../tensorflow";
import type { Compiler } from "../compiler";
import type { Precision } from "../precision";
import type { Trace } from "../trace";
import { byXla } from "../xla/by-xla";
import { applyPass, type PassMaker } from "./apply-pass";
import { biasAddPass } from "./bias-add";
import { bfloat16Pass } from "./bfloat16";
import { channelSumsPass } from "./channel-sums";
import { fuseFollowersPass } from "./fuse-followers";
import { placeForCardPass } from "./place-for-card";
import { raiseScalesPass } from "./raise-scales";
import { steadyPoolingPass } from "./steady-pooling";
import { sinkScalesPass } from "./sink-scales";
import { signFromOutputPass } from "./sign-from-output";

/** What is done to every step's graph before it becomes a function, in this order. */
export function passesOf(precision: Precision, compiler: Compiler = "none"): readonly PassMaker[] {
  const shortened = precision === "bfloat16" ? [bfloat16Pass, biasAddPass, channelSumsPass] : [];
  // What fuses ops into kernels of oneDNN's or gradamp's own is left to XLA.
  const fused = compiler === "xla" ? [] : [fuseFollowersPass, steadyPoolingPass];
  return [signFromOutputPass, raiseScalesPass, sinkScalesPass, ...shortened, ...fused, placeForCardPass];
}

/** The step with all passes applied; the old graph is disposed of. */
export function optimise(trace: Trace, precision: Precision, compiler: Compiler = "none", name = "step"): Trace {
  const passed = () => passesOf(precision, compiler).reduce<Trace>(applyPass, trace);
  return compiler === "xla" ? byXla(withStockOps(passed), name) : passed();
}
