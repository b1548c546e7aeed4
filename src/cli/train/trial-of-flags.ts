import type { TrialSpec } from "../../experiments";
import { checkTrial, readTrial, type TrialGiven } from "../../spec";
import { configOfFlags } from "./config-of-flags";

/** A trial with everything spelled out, and how it is run. */
export interface CompleteTrial {
  readonly trial: TrialSpec;
  readonly run: NonNullable<TrialGiven["run"]>;
  readonly from: { readonly run: string; readonly epoch: number } | null;
}

/**
 * The trial that a configuration and flags describe; flags change the configuration.
 *
 * @param given what was said on the command line, by commander's names of the flags
 * @throws {TypeError | RangeError} if something is missing or makes no sense
 */
export function trialOfFlags(given: Readonly<Record<string, unknown>>, config: unknown): CompleteTrial {
  const before = checkTrial(config, { partial: true, where: "a configuration" });
  const asked = configOfFlags(given, before);
  if (asked.data === undefined)
    throw new RangeError("Expected data to train on but found none: --data embedded, cifar-10 or cifar-100");
  if (asked.model === undefined) throw new RangeError("Expected a network to train but found none: --model vgg08, say");
  const { run = {}, from = null } = asked;
  return { trial: readTrial(asked) as TrialSpec, run, from: from === null ? null : parseFrom(from) };
}

/** `FOLDER@EPOCH` taken apart. */
function parseFrom(text: string): { run: string; epoch: number } {
  const [, run = "", epoch] = /^(.+)@(\d+)$/.exec(text) ?? [];
  return { run, epoch: Number(epoch) };
}
