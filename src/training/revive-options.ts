import { type AmplifyOptions, GROUP_NAMES, type StagePlan } from "../amplification";
import { tf } from "../tensorflow";
import { type AdamOptions, adam } from "./optimizers/adam";
import type { Optimizer } from "./optimizers/optimizer";
import { parseLearningRate } from "./parse-learning-rate";
import { type SgdOptions, sgd } from "./optimizers/sgd";
import type { TrainOptions } from "./train-options";

/**
 * The options that a run's record describes: training with them does what the run did.
 *
 * @param description `run.options`, or `options` of a run.json
 * @throws {TypeError} where functions were among them (a loss or a choice of layers of one's own), which cannot be had
 * from their text
 *
 * @example
 * import * as advanced from "gradamp/advanced";
 * const options = advanced.reviveOptions({ epochs: 2, batchSize: 50, optimizer: { name: "adam", learningRate: "cosine(0.001)" } });
 * console.log(options.epochs);  // 2
 */
export function reviveOptions(description: Readonly<Record<string, unknown>>): TrainOptions {
  const { optimizer, stages, amplify, loss = "crossEntropy", epochs, ...rest } = description;
  const plan = (stages ?? null) as StagePlan | null;
  for (const [what, value] of [
    ["stages", plan?.group],
    ["amplify", (amplify as AmplifyOptions | null | undefined)?.group],
  ] as const) {
    const known: readonly unknown[] = GROUP_NAMES;
    if (value !== null && value !== undefined && !known.includes(value)) throw function_(`group in ${what}`, value);
  }
  if (loss !== "crossEntropy") throw function_("loss", loss);
  return {
    ...(rest as TrainOptions),
    loss,
    ...(plan ? { stages: plan } : { epochs: epochs as number }),
    ...(amplify ? { amplify: amplify as AmplifyOptions } : {}),
    ...(optimizer ? { optimizer: reviveOptimizer(optimizer as Settings, plan !== null) } : {}),
  };
}

type Settings = { name: string } & Record<string, number | boolean | string>;

/** @param staged whether stages set the rate: then it is no setting */
function reviveOptimizer(
  { name, learningRate, ...settings }: Settings,
  staged: boolean,
): TrainOptions["optimizer"] & {} {
  const rate = staged || learningRate === undefined ? {} : { learningRate: parseLearningRate(String(learningRate)) };
  if (name === "sgd") return sgd({ ...(settings as SgdOptions), ...rate });
  if (name === "adam") return adam({ ...(settings as AdamOptions), ...rate });
  const [, className = name] = /^tf\.train\.(.+)$/.exec(name) ?? [];
  const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (!known)
    throw new RangeError(`Expected an optimizer's name (sgd, adam, tf.train.…) but found ${JSON.stringify(name)}`);
  const [create, fromConfig] = known;
  return fromConfig(create, { ...settings, learningRate: learningRate as number }) as unknown as Optimizer;
}

function function_(what: string, text: unknown): TypeError {
  return new TypeError(
    `Expected ${what} to be known by name but found a function (${String(text).split("\n")[0]}): call ga.train again ` +
      "with the same arguments and the same save",
  );
}
