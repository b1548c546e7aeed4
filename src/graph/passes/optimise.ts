import type { Precision } from "../precision";
import type { Trace } from "../trace";
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
export function passesOf(precision: Precision): readonly PassMaker[] {
  const shortened = precision === "bfloat16" ? [bfloat16Pass, biasAddPass, channelSumsPass] : [];
  return [
    signFromOutputPass,
    raiseScalesPass,
    sinkScalesPass,
    ...shortened,
    fuseFollowersPass,
    steadyPoolingPass,
    placeForCardPass,
  ];
}

/** The step with all passes applied; the old graph is disposed of. */
export function optimise(trace: Trace, precision: Precision): Trace {
  return passesOf(precision).reduce<Trace>(applyPass, trace);
}
