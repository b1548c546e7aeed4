import type { TrialDataset, TrialOptimizer, TrialRate, TrialSpec, TrialStages } from "../../experiments";
import type { StagePlan } from "../../amplification";
import type { ModelName, ModelOptions } from "../../models";
import type { TrainFlags } from "./flags";

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
  const dataset = datasetOf(flags, config.dataset);
  const model = modelOf(flags, config.model, dataset);
  const stages = await stagesOf(flags, config);
  const optimizer = optimizerOf(flags, config.optimizer);
  const epochs = stages?.list.at(-1)?.[0] ?? flags.epochs ?? config.epochs ?? 10;
  const learningRate = stages ? null : await rateOf(flags, config.learningRate, optimizer.name);
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

const AUGMENTATION = { pad: 4, flip: true } as const;

function datasetOf(flags: TrainFlags, config: TrialDataset | undefined): TrialDataset {
  const { trainImages, validationImages, testImages } = flags;
  const name = flags.data ?? (config?.name === "embedded" && config.classes === 100 ? "embedded-100" : config?.name);
  const base = flags.data === undefined || config?.name === flags.data ? config : undefined;
  const augmentation = flags.augmentation ? (base ? base.augmentation : AUGMENTATION) : null;
  const seed = flags.dataSeed ?? base?.seed ?? 0;
  if (name === "embedded" || name === "embedded-100") {
    const given = base?.name === "embedded" ? base : undefined;
    return {
      name: "embedded",
      classes: name === "embedded" ? 10 : 100,
      augmentation,
      train: trainImages ?? given?.train ?? 2000,
      validation: validationImages ?? given?.validation ?? 500,
      test: testImages ?? given?.test ?? 1000,
      seed,
    };
  }
  if (name !== "cifar-10" && name !== "cifar-100") {
    throw new RangeError(
      name === undefined
        ? "Expected data to train on but found none: --data embedded, cifar-10 or cifar-100"
        : `Expected --data to be embedded, embedded-100, cifar-10 or cifar-100 but found ${JSON.stringify(name)}`,
    );
  }
  const given = base?.name === "embedded" ? undefined : base;
  const limit = {
    ...given?.limit,
    ...(trainImages === undefined ? {} : { train: trainImages }),
    ...(validationImages === undefined ? {} : { validation: validationImages }),
    ...(testImages === undefined ? {} : { test: testImages }),
  };
  const split = flags.split ?? given?.split ?? (name === "cifar-10" ? "held-out" : "vgp");
  return {
    name,
    split: typeof split === "string" && /^\d+$/.test(split) ? { validation: Number(split) } : (split as "vgp"),
    augmentation,
    limit: Object.keys(limit).length > 0 ? limit : null,
    seed,
  };
}

function hasValidation(dataset: TrialDataset): boolean {
  if (dataset.name === "embedded") return dataset.validation > 0;
  return dataset.split !== "train-test" && !(typeof dataset.split === "object" && dataset.split.validation === 0);
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

function optimizerOf(flags: TrainFlags, config: TrialOptimizer | undefined): TrialOptimizer {
  const name = flags.optimizer ?? config?.name ?? "sgd";
  const given = config?.name === name ? config : undefined;
  const weightDecay = flags.weightDecay ?? given?.weightDecay ?? 0;
  if (name === "adam") {
    if (flags.momentum !== undefined) throw new TypeError("Expected --momentum with sgd but found it with adam");
    return { name, weightDecay };
  }
  return { name: "sgd", momentum: flags.momentum ?? (given?.name === "sgd" ? given.momentum : 0.9), weightDecay };
}

async function rateOf(flags: TrainFlags, config: TrialRate | undefined, optimizer: string): Promise<TrialRate> {
  if (flags.learningRate === undefined) return config ?? (optimizer === "adam" ? 1e-3 : 0.1);
  const { parseLearningRate } = await import("../../training/parse-learning-rate.js");
  const { description } = parseLearningRate(flags.learningRate);
  const [, rate, min] = /^cosine\((.+), min (.+)\)$/.exec(description) ?? [];
  if (rate !== undefined) return { cosine: Number(rate), min: Number(min) };
  if (description.startsWith("staged"))
    throw new RangeError(`Expected --stages for a rate in stages but found --learning-rate ${flags.learningRate}`);
  return Number(description);
}

async function stagesOf(flags: TrainFlags, config: TrialConfig): Promise<TrialStages | null> {
  const { strategy, stages, amplify, directionality } = flags;
  const chosen = Object.entries({ strategy, stages, amplify, directionality }).filter(
    ([, value]) => value !== undefined,
  );
  if (chosen.length === 0) {
    return flags.epochs !== undefined || flags.learningRate !== undefined ? null : (config.stages ?? null);
  }
  if (chosen.length > 1 && !(chosen.length === 2 && stages && directionality))
    throw new TypeError(`Expected one schedule but found --${chosen.map(([name]) => name).join(" and --")}`);
  const amplification = await import("../../amplification/index.js");
  const { group, factor = 2, scope = "backprop", epochScale = 1 } = flags;
  const common = { scope, ...(group === undefined ? {} : { group: group as never }) };
  if (directionality !== undefined) {
    const { threshold, sides = "one", reselect, schedule = stages ?? "params1" } = flags;
    if (threshold === undefined) throw new TypeError("Expected --threshold with --directionality but found none");
    const rule = {
      directionality,
      sides,
      threshold,
      reselect: reselect === undefined ? ("stage" as const) : { epochs: reselect },
    };
    return planToStages(
      amplification.intelligentStages({
        ...rule,
        ...common,
        schedule,
        epochScale,
        ...(flags.factor ? { ampFactor: factor } : {}),
      }),
    );
  }
  if (strategy !== undefined)
    return planToStages(amplification.strategy(strategy, { ...common, ampFactor: factor, epochScale }));
  if (stages !== undefined) {
    const list = amplification.scaleEnds(amplification.parseStages(stages, flags.factor ? { factor } : {}), epochScale);
    return planToStages(amplification.stages(list, common));
  }
  const epochs = flags.epochs ?? config.epochs ?? 10;
  const rate = await rateOf(flags, config.learningRate, optimizerOf(flags, config.optimizer).name);
  if (typeof rate !== "number")
    throw new TypeError("Expected a constant --learning-rate with --amplify but found a schedule");
  return planToStages(amplification.stages([[epochs, rate, amplify!, factor]], common));
}

function planToStages({ stages, group, scope, resetOptimizer, intelligent }: StagePlan): TrialStages {
  return {
    list: stages.map(({ end, learningRate, ampRatio, ampFactor }) => [end, learningRate, ampRatio, ampFactor]),
    group: group as TrialStages["group"],
    scope,
    resetOptimizer,
    intelligent,
  };
}

function measureOf(flags: TrainFlags, config: TrialSpec["measure"] | undefined): TrialSpec["measure"] {
  if (flags.measure === false) return null;
  const { every } = flags;
  const when = every === undefined ? {} : { every: every === "epoch" ? ("epoch" as const) : Number(every) };
  if (flags.measure === undefined)
    return config === undefined ? { ...when } : config === null ? null : { ...config, ...when };
  return { ...(config ?? {}), statistics: flags.measure.split(",").map((name) => name.trim()) as never, ...when };
}
