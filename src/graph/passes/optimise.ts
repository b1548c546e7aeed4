import type { Precision } from "../precision";
import type { Trace } from "../trace";
import { applyPass } from "./apply-pass";
import { biasAddPass } from "./bias-add";
import { bfloat16Pass } from "./bfloat16";
import { channelSumsPass } from "./channel-sums";
import { fuseFollowersPass } from "./fuse-followers";
import { sinkScalesPass } from "./sink-scales";
import { signFromOutputPass } from "./sign-from-output";

/** What is done to every step's graph before it becomes a function. */
export function optimise(trace: Trace, precision: Precision): Trace {
  const signed = applyPass(trace, signFromOutputPass(trace.graph));
  const sunk = applyPass(signed, sinkScalesPass());
  if (precision !== "bfloat16") return fused(sunk);
  const passes = [bfloat16Pass(), biasAddPass(), channelSumsPass()];
  return fused(passes.reduce<Trace>(applyPass, sunk));
}

function fused(trace: Trace): Trace {
  const written = trace.state.flatMap(({ after }) => after ?? []);
  return applyPass(trace, fuseFollowersPass(trace.graph, [...written, ...trace.outputs]));
}
