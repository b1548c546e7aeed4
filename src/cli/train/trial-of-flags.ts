import type { TrialDataset, TrialSpec } from "../../experiments";
import { checkTrial, MEASURE, MODELS, nearest, readFields, RUN_SETTINGS } from "../../spec";
import type { ModelName, ModelOptions } from "../../models";
import { datasetOfFlags, hasValidation } from "./dataset-of-flags";
import type { TrainFlags } from "./flags";
import type { TrialConfig, TrialRunSettings } from "./trial-config";
import { optimizerOfFlags, rateOfFlags } from "./optimizer-of-flags";
import { amplificationOfFlags } from "./stages-of-flags";

/** A trial with everything filled in. */
export interface CompleteTrial {
  readonly trial: TrialSpec;
  readonly run: TrialRunSettings;
  readonly from: { readonly run: string; readonly epoch: number } | null;
}

/**
 * The trial that a configuration and flags describe; flags change the configuration.
 *
 * @throws {TypeError | RangeError} if something is missing or makes no sense
 */
export function trialOfFlags(flags: TrainFlags, config: TrialConfig): CompleteTrial {
  checkTrial(config, { partial: true, where: "a configuration" });
  const dataset = datasetOfFlags(flags, config.dataset);
  const model = modelOf(flags, config.model, dataset);
  const { stages, amplify } = amplificationOfFlags(flags, config);
  const optimizer = optimizerOfFlags(flags, config.optimizer);
  const epochs = stages?.list.at(-1)?.[0] ?? flags.epochs ?? config.epochs ?? 10;
  const learningRate = stages ? null : rateOfFlags(flags, config, optimizer.name);
  const how = (name: "engine" | "precision" | "onNonFinite") =>
    oneOf(name, flags[name], config[name], config.run?.[name]);
  const seed = flags.seed ?? config.seed ?? 0;
  const trial: TrialSpec = {
    id: config.id ?? `${model.name}-${seed}`,
    name: flags.name ?? config.name ?? model.name,
    paper: config.paper ?? null,
    part: config.part ?? "",
    model,
    dataset,
    seed,
    epochs,
    batchSize: flags.batchSize ?? config.batchSize ?? 128,
    optimizer,
    learningRate,
    stages,
    ...(amplify ? { amplify } : {}),
    ...how("engine"),
    ...how("precision"),
    ...how("onNonFinite"),
    clipNorm: flags.clipNorm ?? config.clipNorm ?? null,
    measure: measureOf(flags, config.measure),
    validate: flags.validate ?? config.validate ?? "epoch",
    test: flags.test ?? config.test ?? (hasValidation(dataset) ? "end" : "epoch"),
    testWeights: config.testWeights ?? "last",
    labels: config.labels ?? {
      ...{
        model: model.name,
        method: amplify || stages?.list.some(([, , ratio]) => ratio > 0) ? "amplified" : "original",
        strategy: null,
        params: null,
        group: null,
      },
      ...{ ampRatio: null, ampFactor: null, threshold: null, measure: null, sides: null, reselect: null },
    },
  };
  const from = flags.from ?? config.from ?? null;
  checkTrial(trial);
  return { trial, run: settingsOf(flags, config.run ?? {}), from: from === null ? null : parseFrom(from) };
}

/** `FOLDER@EPOCH` taken apart. */
function parseFrom(text: string): { run: string; epoch: number } {
  const [, run, epoch] = /^(.+)@(\d+)$/.exec(text) ?? [];
  if (!run || !epoch) throw new RangeError(`Expected --from to be of the form FOLDER@EPOCH but found ${text}`);
  return { run, epoch: Number(epoch) };
}

/** A setting that has moved: the flag's, else the configuration's, which says it in one place. */
function oneOf(name: string, flag: string | undefined, own: string | undefined, old: string | undefined): object {
  if (own !== undefined && old !== undefined && own !== old)
    throw new TypeError(`Expected ${name} or run.${name} but found both`);
  const value = flag ?? own ?? old;
  return value === undefined ? {} : { [name]: value };
}

function settingsOf(flags: TrainFlags, config: NonNullable<TrialConfig["run"]>): TrialRunSettings {
  const { checkpointEvery, keep, until } = flags;
  const { engine: _, precision: __, onNonFinite: ___, ...before } = config;
  const set = Object.fromEntries(Object.entries({ checkpointEvery, keep, until }).filter(([, value]) => value !== undefined)); // prettier-ignore
  const settings = {
    ...before,
    ...set,
    ...(flags.checkpoints ? {} : { keepLast: false }),
    ...(flags.tensorboard ? { tensorBoard: true } : {}),
    ...(flags.deterministic ? { deterministic: true } : {}),
  };
  readFields(RUN_SETTINGS, settings);
  return settings;
}

function modelOf(flags: TrainFlags, config: TrialSpec["model"] | undefined, dataset: TrialDataset): TrialSpec["model"] {
  const name = flags.model ?? config?.name;
  if (name === undefined) throw new RangeError("Expected a network to train but found none: --model vgg08, say");
  if (!Object.hasOwn(MODELS, name)) {
    const near = nearest(name, Object.keys(MODELS));
    throw new RangeError(`Expected a network's name (${Object.keys(MODELS).join(", ")}) but found "${name}"${near === null ? "" : `: did you mean ${near}?`}`); // prettier-ignore
  }
  const classes = dataset.name === "embedded" ? dataset.classes : dataset.name === "cifar-10" ? 10 : 100;
  const options: ModelOptions = {
    classes,
    ...(config?.name === name ? config.options : {}),
    ...(flags.width === undefined ? {} : { width: flags.width }),
  };
  return { name: name as ModelName, options };
}

function measureOf(flags: TrainFlags, config: TrialSpec["measure"] | undefined): TrialSpec["measure"] {
  const { every, reduce } = flags;
  const when = {
    ...(every === undefined ? {} : { every: MEASURE.every.kind.fromText!(every) as "epoch" }),
    ...(reduce === undefined ? {} : { reduce }),
  };
  if (flags.measure === false || (flags.measure === undefined && config === null)) {
    const [idle] = Object.keys(when);
    if (idle !== undefined)
      throw new TypeError(`Expected something measured with --${idle} but found nothing measured`);
    return null;
  }
  if (flags.measure === undefined) return { ...config, ...when };
  return { ...config, statistics: flags.measure.split(",").map((name) => name.trim()) as never, ...when };
}
