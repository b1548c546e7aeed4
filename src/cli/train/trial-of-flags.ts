import type { TrialSpec } from "../../experiments";
import { checkTrial, readTrial, type TrialGiven } from "../../spec";
import { locateModule } from "../../modules";
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
 * @param folder that the configuration's relative paths start from; the command line's start where it is run
 * @throws {TypeError | RangeError} if something is missing or makes no sense
 */
export function trialOfFlags(
  given: Readonly<Record<string, unknown>>,
  config: unknown,
  folder = process.cwd(),
): CompleteTrial {
  const before = checkTrial(config, { partial: true, where: "a configuration" });
  const asked = located(configOfFlags(given, located(before, folder)), process.cwd());
  if (asked.data === undefined)
    throw new RangeError("Expected data to train on but found none: --data embedded, cifar-10 or cifar-100");
  if (asked.model === undefined) throw new RangeError("Expected a network to train but found none: --model vgg08, say");
  const { run = {}, from = null } = asked;
  return { trial: readTrial(asked) as TrialSpec, run, from: from === null ? null : parseFrom(from) };
}

/** Paths of modules as they are from anywhere, with the hashes of what is there. */
function located({ model, data, ...trial }: TrialGiven, folder: string): TrialGiven {
  return {
    ...trial,
    ...(model && (model.module === undefined ? { model } : { model: locateModule({ ...model, module: model.module }, folder) })), // prettier-ignore
    ...(data && (data.module === undefined ? { data } : { data: locateModule({ ...data, module: data.module }, folder) })), // prettier-ignore
  };
}

/** `FOLDER@EPOCH` taken apart. */
function parseFrom(text: string): { run: string; epoch: number } {
  const [, run = "", epoch] = /^(.+)@(\d+)$/.exec(text) ?? [];
  return { run, epoch: Number(epoch) };
}
