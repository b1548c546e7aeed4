import { nativeBackend } from "../../tensorflow";
import type { Precision } from "../precision";
import type { Trace } from "../trace";
import { applyPass } from "./apply-pass";
import { biasAddPass } from "./bias-add";
import { bfloat16Pass } from "./bfloat16";
import { channelSumsPass } from "./channel-sums";
import { fuseBatchNormPass } from "./fuse-batch-norm";
import { sinkScalesPass } from "./sink-scales";
import { signFromOutputPass } from "./sign-from-output";
import { smallImageFilterGradientsPass } from "./small-image-filter-gradients";

/** What is done to every step's graph before it becomes a function. */
export function optimise(trace: Trace, precision: Precision): Trace {
  const signed = applyPass(trace, signFromOutputPass(trace.graph));
  const sunk = applyPass(signed, sinkScalesPass());
  if (precision !== "bfloat16") return fused(sunk);
  const passes = [bfloat16Pass(), biasAddPass(), channelSumsPass()];
  const shortened = fused(passes.reduce<Trace>(applyPass, sunk));
  return nativeBackend()!.isUsingGpuDevice ? shortened : applyPass(shortened, smallImageFilterGradientsPass());
}

function fused(trace: Trace): Trace {
  const written = trace.state.flatMap(({ after }) => after ?? []);
  return applyPass(trace, fuseBatchNormPass(trace.graph, [...written, ...trace.outputs]));
}
