import {
  checkNames,
  checkObject,
  type Field,
  field,
  type Fields,
  type Given,
  type Kind,
  nearest,
  needed,
  objectOf,
  oneOf,
  orNull,
  readFields,
  refuse,
  text,
  value,
  whole,
} from "../options";
import { DIRECTIONALITIES } from "../rows";
import { ampFactor, ampRatio } from "./amplification";
import { CIFAR10, CIFAR100, EMBEDDED } from "./datasets";
import type { MeasureOptions } from "./measure";
import { checkConstantWidthVgg, MODELS } from "./models";
import { type NamedOptimizer, OPTIMIZERS, optimizer } from "./optimizers";
import { SAVE } from "./save";
import type { StagePlan } from "./stages/stages";
import { type EvaluateWhen, TRAINING } from "./training";
import { upgradeTrial } from "./upgrade-trial";
import { checkVersion } from "./version";

/** One of several objects told apart by their name, given back as it is; the name alone where nothing else is said. */
function oneByName<Value extends { readonly name: string }>(
  what: string,
  variants: Readonly<Record<string, Fields>>,
  inner?: string,
  isByModule = false,
): Kind<Value> {
  const names = Object.keys(variants);
  return {
    expected: `to have a name (${names.join(", ")})`,
    variants,
    ...(isByModule ? { byModule: MODULE } : {}),
    ...(inner === undefined ? {} : { inner }),
    read(given, name) {
      const named = typeof given === "string" ? { name: given } : given;
      checkObject(named, name);
      if (isByModule && named["module"] !== undefined) {
        readFields(MODULE, named, { name });
        return named as unknown as Value;
      }
      const { name: which, ...rest } = named;
      if (typeof which !== "string" || !Object.hasOwn(variants, which)) {
        const near = typeof which === "string" ? nearest(which, names) : null;
        const remedy = near === null ? "" : `did you mean "${near}"?`;
        refuse(`${what}'s name`, `(${names.join(", ")})`, which, typeof which === "string", remedy);
      }
      const known = variants[which]!;
      if (inner === undefined) readFields(known, rest, { name });
      else {
        checkNames(rest, [inner], name);
        readFields(known, rest[inner] ?? {}, { name: `${name}.${inner}` });
      }
      return named as unknown as Value;
    },
  };
}

/** A network or data set by a module of the user's own. */
const MODULE = {
  module: needed(text, "a file that exports it by default, or a function of its options that makes it"),
  name: field(text, undefined, "what it is called; by default as the file"),
  options: field(
    value<Readonly<Record<string, unknown>>>(
      "to be an object of options",
      (given) => Object.prototype.toString.call(given) === "[object Object]",
    ),
    undefined,
    "what its function is told",
  ),
  hash: field(text, undefined, "what it was when it was first asked for; another one is refused"),
} as const;

/** What a text may say of a data set: all but what only JavaScript can give. */
const written = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, { onlyJavaScript }]) => !onlyJavaScript));

/** The data sets that are known by name. */
export const DATASETS = {
  embedded: written(EMBEDDED),
  "cifar-10": written(CIFAR10),
  "cifar-100": written(CIFAR100),
} as const;

const anything = value<unknown>("to be anything", () => true);
const words = field(anything, undefined, "what it is called in tables and figures");
const LABELS = {
  model: words,
  method: words,
  strategy: words,
  params: words,
  group: words,
  ampRatio: field(orNull(ampRatio), undefined, "β that is varied"),
  ampFactor: field(orNull(ampFactor), undefined, "Γ that is varied"),
  threshold: words,
  directionality: field(orNull(oneOf(...DIRECTIONALITIES)), undefined, "which directionality ratio decides"),
  sides: words,
  reselect: words,
} as const;

/** How a trial is run and kept, which decides none of its numbers. */
export const RUN_SETTINGS = {
  checkpointEvery: SAVE.checkpointEvery,
  keep: SAVE.keep,
  keepLast: SAVE.keepLast,
  tensorBoard: SAVE.tensorBoard,
  deterministic: SAVE.deterministic,
  until: SAVE.until,
} as const;

const plainText = value<string>("to be a text", (given) => typeof given === "string");
const from: Kind<string> = {
  expected: "to be of the form FOLDER@EPOCH",
  word: "text",
  read: (given, name) =>
    typeof given === "string" && /^.+@\d+$/.test(given) ? given : refuse(name, from.expected, given, typeof given === "string"), // prettier-ignore
};

const { signal: _, callbacks: __, ...WRITTEN } = TRAINING;

const byName = oneByName<TrialModel>("a network", MODELS, "options", true);
const network: Kind<TrialModel> = {
  ...byName,
  read(given, name) {
    const found = byName.read(given, name);
    const { preActivation, residual } = found.options ?? {};
    if (found.module === undefined) checkConstantWidthVgg(found.name, { preActivation, residual });
    return found;
  },
};

/** What a configuration, and an entry of a sweep's file, may hold; of it all but model and data may be left out. */
export const TRIAL = {
  version: field(whole(1), undefined, "in which version it is written", { decidesNothing: true, flag: null }),
  id: field(text, undefined, "unique among a sweep's trials; its folder's name", { decidesNothing: true, flag: null }),
  paper: field(orNull(oneOf("vgp", "ga", "iga")), null, "which paper's protocol it belongs to", {
    isSpelled: true,
    decidesNothing: true,
    flag: null,
  }),
  part: field(plainText, "", "the part of the protocol", { decidesNothing: true, isSpelled: true, flag: null }),
  model: needed(network, "a network by name, with its options, or by a module or model.json: ./my-model.ts"),
  data: needed(
    oneByName<TrialData>("a data set", DATASETS, undefined, true),
    "a data set by name, with its options, or by a module: ./my-data.ts",
    {
      oldFlag: "--dataset",
    },
  ),
  ...WRITTEN,
  optimizer: field({ ...optimizer, read: (given, name) => (optimizer.read(given, name), given) } as Kind<NamedOptimizer>, { name: "sgd" }, "how weights are updated, with its settings", { isSpelled: true }), // prettier-ignore
  testWeights: field(oneOf("last", "best-validation"), "last", "which weights the test accuracy is taken with", {
    isSpelled: true,
  }),
  labels: field(objectOf(LABELS), undefined, "what it is called in tables and figures", {
    decidesNothing: true,
    flag: null,
  }),
  run: field(objectOf(RUN_SETTINGS) as Kind<Given<typeof RUN_SETTINGS>>, undefined, "how it is run and kept", {
    decidesNothing: true,
  }),
  from: field(orNull(from), null, "FOLDER@EPOCH: begin as a copy of another run", { decidesNothing: true }),
} as const;

/** A network by name, or by a module; `options.seed` is the trial's seed unless it is given. */
export interface TrialModel {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The file that makes it; missing for a network that is known by name. */
  readonly module?: string;
  readonly hash?: string;
}

/** A data set by name, with what its function takes, or by a module. */
export interface TrialData {
  readonly name: string;
  /** The file that makes it; missing for data that is known by name. */
  readonly module?: string;
  readonly hash?: string;
  readonly [option: string]: unknown;
}

/** What may be given as a trial. */
export type TrialGiven = Partial<Given<typeof TRIAL>>;

/** A trial with everything spelled out that its numbers depend on, and what it is called. */
export interface Trial extends Omit<Given<typeof TRIAL>, "stages" | "measure" | "version" | "run" | "from"> {
  /** Unique among the trials of a sweep; fit for a folder's name. */
  readonly id: string;
  /** For figures and tables. */
  readonly name: string;
  readonly model: TrialModel & { readonly options: Readonly<Record<string, unknown>> };
  /** Of initial weights, shuffling, augmentation and selection. */
  readonly seed: number;
  /** With stages, the last stage's end. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: NamedOptimizer;
  /** Null for a plain run, or one with `amplify`. */
  readonly stages: StagePlan | null;
  readonly clipNorm: number | null;
  readonly measure: MeasureOptions | null;
  readonly validate: EvaluateWhen;
  readonly test: EvaluateWhen;
  /**
   * Which weights the test accuracy is taken with: `"best-validation"` (the VGG38 study) or `"last"`, beside which tables
   * show the best over epochs.
   */
  readonly testWeights: "last" | "best-validation";
}

/**
 * Refuses what a trial does not know, with the nearest that it does, and values that make no sense. Written in an older
 * version, it is brought up to this one.
 *
 * @param options.partial whether model and data may be missing, which flags bring
 * @throws {TypeError | RangeError} if a key is unknown, or a value is of the wrong kind or out of range
 */
export function checkTrial(
  given: unknown,
  options: { readonly partial?: boolean; readonly where?: string } = {},
): TrialGiven {
  checkObject(given, options.where ?? "a trial");
  checkVersion(given, options.where ?? "a trial");
  const trial = upgradeTrial(given);
  const fields: Fields = options.partial
    ? Object.fromEntries(
        Object.entries<Field<unknown, unknown>>(TRIAL).map(([name, { required: _, ...one }]) => [name, one]),
      )
    : TRIAL;
  readFields(fields, trial);
  return trial as TrialGiven;
}

/**
 * A trial with everything spelled out.
 *
 * @throws {TypeError | RangeError} if something is missing, not known, makes no sense or cannot be together
 */
export function readTrial(given: unknown): Trial {
  const trial = checkTrial(given);
  const { stages: schedule, amplify } = trial;
  const plan = schedule ? TRIAL.stages.kind.read(schedule, "stages") : null;
  const spelled = spellOut(TRIAL, { ...trial, ...(plan ? { stages: plan } : {}) }) as Record<string, unknown>;
  const { learningRate: own, ...settings } = spelled["optimizer"] as NamedOptimizer;
  const hasRates = plan !== null && plan.stages[0]!.learningRate !== null;
  if (hasRates && own !== undefined && own !== null)
    throw new TypeError(
      "Expected stages or a learning rate but found both: leave the rates out of the stages, [end, ratio, factor], or the other out",
    );
  if (plan && amplify) throw new TypeError("Expected stages or amplify but found both: stages say what is amplified");
  const end = plan?.stages.at(-1)?.end;
  if (end !== undefined && trial.epochs !== undefined && trial.epochs !== end)
    throw new RangeError(
      `Expected epochs to be the last stage's end, ${end}, but found ${trial.epochs}: leave epochs out; stages.epochScale multiplies the ends`,
    );
  const data = spelled["data"] as TrialData;
  const { options = {}, ...model } = spelled["model"] as TrialModel;
  const seed = trial.seed ?? TRAINING.seed.default;
  const isAmplified = amplify || plan?.stages.some((stage) => stage.ampRatio > 0);
  const { version: _, run: __, from: ___, ...rest } = spelled;
  return {
    ...rest,
    id: trial.id ?? `${model.name}-${seed}`,
    name: trial.name ?? model.name,
    model: { ...model, options: { ...(model.module === undefined ? classesOf(data) : {}), ...options } },
    epochs: end ?? trial.epochs ?? 10,
    optimizer: hasRates
      ? settings
      : { learningRate: own ?? OPTIMIZERS[settings.name].learningRate.default, ...settings },
    stages: plan,
    // Of a module's data it is not known; training decides.
    ...(trial.test === undefined && data.module !== undefined ? {} : { test: trial.test ?? (hasValidation(data) ? "end" : "epoch") }), // prettier-ignore
    labels: trial.labels ?? { ...NO_LABELS, model: model.name, method: isAmplified ? "amplified" : "original" },
  } as unknown as Trial;
}

/** The labels of a trial in which nothing is varied. */
export const NO_LABELS = {
  strategy: null,
  params: null,
  group: null,
  ampRatio: null,
  ampFactor: null,
  threshold: null,
  directionality: null,
  sides: null,
  reselect: null,
} as const;

/** An object of options with what is given, and what is always spelled out. */
function spellOut(fields: Fields, given: Readonly<Record<string, unknown>>): object {
  const found: Record<string, unknown> = {};
  for (const [name, { kind, default: fallback, isSpelled }] of Object.entries<Field<unknown, unknown>>(fields)) {
    const value = given[name] ?? (given[name] === undefined && isSpelled ? fallback : given[name]);
    if (value !== undefined) found[name] = kind.variants ? spellOutNamed(kind, value) : value;
  }
  return found;
}

function spellOutNamed({ variants = {}, inner }: Kind<unknown>, given: unknown): object {
  const { name, ...rest } = given as { name: string; module?: string };
  if (rest.module !== undefined) return { name: name ?? nameOfModule(rest.module), ...rest };
  const fields = variants[name] as Fields;
  if (inner === undefined) return { name, ...spellOut(fields, rest) };
  return { name, [inner]: spellOut(fields, ((rest as Record<string, unknown>)[inner] ?? {}) as Record<string, unknown>) }; // prettier-ignore
}

/** How many classes data has that is known by name; nothing of a module's, which is asked when it is there. */
function classesOf({ module, name, classes, labels }: TrialData): { readonly classes?: number } {
  if (module !== undefined) return {};
  if (name === "embedded") return { classes: classes as number };
  return { classes: name === "cifar-10" ? 10 : labels === "coarse" ? 20 : 100 };
}

/** "my-model" of "./my-model.ts"; without Node's `path`, the same on every system. */
const nameOfModule = (module: string) => module.replace(/^.*[/\\]/, "").replace(/\.[^.]*$/, "");

/** Whether a data set has a validation split. */
function hasValidation({ name, split, validation }: TrialData): boolean {
  if (name === "embedded") return (validation as number) > 0;
  return split !== "train-test" && (split as { validation?: number }).validation !== 0;
}
