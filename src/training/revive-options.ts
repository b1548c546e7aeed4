import { checkArgument } from "../options";
import { type FunctionRecord, isFunctionRecord, type OptimizerGiven, type StagePlan, upgradeOptions } from "../spec";
import type { RunAmplification, TrainOptions } from "../spec";
import { tf } from "../tensorflow";

/**
 * The options that a run's record describes: training with them does what the run did.
 *
 * @param description `run.options`, or `options` of a run.json
 * @throws {TypeError} if functions were among them (a loss or a choice of layers of one's own), which a record does not
 *   hold
 *
 * @example
 * import * as advanced from "gradamp/advanced";
 * const options = advanced.reviveOptions({ epochs: 2, batchSize: 50, optimizer: { name: "adam", learningRate: 1e-3 } });
 * console.log(options.epochs); // 2
 */
export function reviveOptions(description: Readonly<Record<string, unknown>>): TrainOptions {
  checkArgument(description, "the options of a run, as of run.json,");
  const { optimizer, stages, epochs, ...rest } = upgradeOptions(description);
  const plan = (stages ?? null) as StagePlan | null;
  for (const [what, value] of [
    ["group in stages", plan?.group],
    ["group in amplify", (rest["amplify"] as RunAmplification | null | undefined)?.group],
    ...lossesIn(rest["loss"]),
    ...((rest["augment"] as unknown[] | null | undefined) ?? []).map((step): [string, unknown] => ["augment", step]),
    ...callbacksOf(rest["callbacks"]),
  ] as const)
    if (isFunctionRecord(value)) throw notRecorded(what, value);
  return {
    ...(rest as TrainOptions),
    ...(plan ? { stages: plan } : { epochs: epochs as number }),
    ...(optimizer ? { optimizer: reviveOptimizer(optimizer as Settings) } : {}),
  };
}

/** Every loss among those of the outputs. */
function lossesIn(loss: unknown): [string, unknown][] {
  if (isFunctionRecord(loss) || typeof loss !== "object" || loss === null) return [["loss", loss]];
  return Object.entries(loss).map(([output, each]) => [`loss.${output}`, each]);
}

/** The functions among callbacks. */
function callbacksOf(callbacks: unknown): [string, unknown][] {
  return ((callbacks ?? []) as object[]).flatMap((one) =>
    Object.entries(one).map(([name, value]): [string, unknown] => [`callbacks' ${name}`, value]),
  );
}

type Settings = { name: string } & Record<string, unknown>;

function reviveOptimizer({ name, ...settings }: Settings): OptimizerGiven {
  if (!name.startsWith("tf.train.")) {
    // Null where stages set it.
    const { learningRate, ...others } = settings;
    const own = ownRate(learningRate);
    if (own) throw notRecorded("learning rate", own);
    return { name, ...others, ...(learningRate === null || learningRate === undefined ? {} : { learningRate }) } as OptimizerGiven; // prettier-ignore
  }
  const known = tf.serialization.SerializationMap.getMap().classNameMap[name.slice("tf.train.".length)];
  if (!known)
    throw new RangeError(`Expected an optimizer's name (sgd, adam, tf.train.…) but found ${JSON.stringify(name)}`);
  const [create, fromConfig] = known;
  return fromConfig(create, settings as never) as unknown as OptimizerGiven;
}

/** The function that a rate of one's own is, alone or behind a warm-up. */
function ownRate(rate: unknown): FunctionRecord | null {
  if (isFunctionRecord(rate)) return rate;
  if (typeof rate !== "object" || rate === null) return null;
  return ownRate((rate as { own?: unknown }).own ?? (rate as { warmUp?: unknown }).warmUp ?? null);
}

function notRecorded(what: string, { text }: FunctionRecord): TypeError {
  return new TypeError(
    `Expected ${what} to be known by name but found a function (${text.split("\n")[0]}): call ga.train again ` +
      "with the same arguments and the same save",
  );
}
