import type { TrialDataset, TrialSpec } from "../../experiments";
import type { ModelName, ModelOptions } from "../../models";
import { datasetOfFlags, hasValidation } from "./dataset-of-flags";
import type { TrainFlags } from "./flags";
import { optimizerOfFlags, rateOfFlags } from "./optimizer-of-flags";
import { stagesOfFlags } from "./stages-of-flags";

/** How a trial is run and kept, which decides none of its numbers but for engine and precision. */
export interface TrialRunSettings {
  readonly checkpointEvery?: number;
  readonly keep?: readonly number[];
  readonly keepLast?: boolean;
  readonly tensorBoard?: boolean;
  readonly deterministic?: boolean;
  readonly until?: number | null;
  readonly onNonFinite?: "stop" | "record";
  readonly engine?: "graph" | "eager";
  readonly precision?: "float32" | "bfloat16";
}

/** What `--config` may hold: a trial, of which all but model and dataset may be left out, and how to run it. */
export interface TrialConfig extends Partial<TrialSpec> {
  readonly run?: TrialRunSettings;
  /** `FOLDER@EPOCH`. */
  readonly from?: string | null;
}

/** A trial with everything filled in. */
export interface CompleteTrial {
  readonly trial: TrialSpec;
  readonly run: TrialRunSettings;
  readonly from: { readonly run: string; readonly epoch: number } | null;
}

/**
 * The trial that a configuration and flags describe; flags change the configuration.
 *
 * @throws {RangeError | TypeError} where something is missing or makes no sense
 */
export async function trialOfFlags(flags: TrainFlags, config: TrialConfig): Promise<CompleteTrial> {
  const dataset = datasetOfFlags(flags, config.dataset);
  const model = modelOf(flags, config.model, dataset);
  const stages = await stagesOfFlags(flags, config);
  const optimizer = optimizerOfFlags(flags, config.optimizer);
  const epochs = stages?.list.at(-1)?.[0] ?? flags.epochs ?? config.epochs ?? 10;
  const learningRate = stages ? null : await rateOfFlags(flags, config.learningRate, optimizer.name);
  if (flags.stages === undefined && flags.amplify === undefined && stages && flags.epochs !== undefined)
    throw new TypeError("Expected stages or --epochs but found both: the last stage's end is the number of epochs");
  if (stages && flags.learningRate !== undefined && flags.amplify === undefined)
    throw new TypeError("Expected stages or --learning-rate but found both: stages set the rate");
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
    clipNorm: flags.clipNorm ?? config.clipNorm ?? null,
    measure: measureOf(flags, config.measure),
    validate: flags.validate ?? config.validate ?? "epoch",
    test: flags.test ?? config.test ?? (hasValidation(dataset) ? "end" : "epoch"),
    testWeights: config.testWeights ?? "last",
    labels: config.labels ?? {
      ...{ model: model.name, method: stages ? "amplified" : "original", strategy: null, params: null, group: null },
      ...{ ampRatio: null, ampFactor: null, threshold: null, measure: null, sides: null, reselect: null },
    },
  };
  const from = flags.from ?? config.from ?? null;
  return { trial, run: settingsOf(flags, config.run ?? {}), from: from === null ? null : parseFrom(from) };
}

/** `FOLDER@EPOCH` taken apart. */
function parseFrom(text: string): { run: string; epoch: number } {
  const [, run, epoch] = /^(.+)@(\d+)$/.exec(text) ?? [];
  if (!run || !epoch) throw new RangeError(`Expected --from to be of the form FOLDER@EPOCH but found ${text}`);
  return { run, epoch: Number(epoch) };
}

function settingsOf(flags: TrainFlags, config: TrialRunSettings): TrialRunSettings {
  const { checkpointEvery, keep, until, onNonFinite, engine, precision } = flags;
  const given = { checkpointEvery, keep, until, onNonFinite, engine, precision };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    ...config,
    ...set,
    ...(flags.checkpoints ? {} : { keepLast: false }),
    ...(flags.tensorboard ? { tensorBoard: true } : {}),
    ...(flags.deterministic ? { deterministic: true } : {}),
  };
}

function modelOf(flags: TrainFlags, config: TrialSpec["model"] | undefined, dataset: TrialDataset): TrialSpec["model"] {
  const name = flags.model ?? config?.name;
  if (name === undefined) throw new RangeError("Expected a network to train but found none: --model vgg08, say");
  const classes = dataset.name === "embedded" ? dataset.classes : dataset.name === "cifar-10" ? 10 : 100;
  const options: ModelOptions = {
    classes,
    ...(config?.name === name ? config.options : {}),
    ...(flags.width === undefined ? {} : { width: flags.width }),
  };
  return { name: name as ModelName, options };
}

function measureOf(flags: TrainFlags, config: TrialSpec["measure"] | undefined): TrialSpec["measure"] {
  if (flags.measure === false) return null;
  const { every } = flags;
  const when = every === undefined ? {} : { every: every === "epoch" ? ("epoch" as const) : Number(every) };
  if (flags.measure === undefined)
    return config === undefined ? { ...when } : config === null ? null : { ...config, ...when };
  return { ...(config ?? {}), statistics: flags.measure.split(",").map((name) => name.trim()) as never, ...when };
}
