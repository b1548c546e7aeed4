import { AMPLIFY, ampFactor, ampRatio } from "./amplification";
import { CIFAR10, CIFAR100, EMBEDDED } from "./datasets";
import {
  checkNames,
  checkObject,
  type Field,
  field,
  type Fields,
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
import { learningRate } from "./learning-rate";
import { measure } from "./measure";
import { MODELS } from "./models";
import { namedOptimizer, type OptimizerName } from "./optimizers";
import { SAVE } from "./save";
import { checkPlan, type StagePlan } from "./stages/stages";
import { TRAINING } from "./training";
import { checkVersion } from "./version";

/** One of several objects told apart by their name, given back as it is. */
function oneByName(
  what: string,
  variants: Readonly<Record<string, Fields>>,
  inner: string | null,
): Kind<{ name: string }> {
  const names = Object.keys(variants);
  return {
    expected: `to have a name (${names.join(", ")})`,
    read(given, name) {
      checkObject(given, name);
      const { name: which, ...rest } = given;
      if (typeof which !== "string" || !Object.hasOwn(variants, which)) {
        const near = typeof which === "string" ? nearest(which, names) : null;
        const remedy = near === null ? "" : `did you mean "${near}"?`;
        refuse(`${what}'s name`, `(${names.join(", ")})`, which, typeof which === "string", remedy);
      }
      const known = variants[which]!;
      if (inner === null) readFields(known, rest, { name });
      else {
        checkNames(rest, [inner], name);
        readFields(known, rest[inner] ?? {}, { name: `${name}.${inner}` });
      }
      return given as { name: string };
    },
  };
}

/** What a text may say of a data set: all but what only JavaScript can give. */
const written = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, { onlyJavaScript }]) => !onlyJavaScript));

/** The data sets that are known by name. */
export const DATASETS = {
  embedded: written(EMBEDDED),
  "cifar-10": written(CIFAR10),
  "cifar-100": written(CIFAR100),
} as const;

const stages: Kind<StagePlan> = {
  expected: "to be { list, group, scope, resetOptimizer, intelligent }",
  read: (given, name) => checkPlan(given as StagePlan, name),
};

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
  measure: field(orNull(oneOf("G", "GPrime")), undefined, "which directionality ratio decides"),
  sides: words,
  reselect: words,
} as const;

/** How a trial is run and kept, which decides none of its numbers but for engine and precision. */
export const RUN_SETTINGS = {
  checkpointEvery: SAVE.checkpointEvery,
  keep: SAVE.keep,
  keepLast: SAVE.keepLast,
  tensorBoard: SAVE.tensorBoard,
  deterministic: SAVE.deterministic,
  until: SAVE.until,
  onNonFinite: TRAINING.onNonFinite,
  engine: TRAINING.engine,
  precision: TRAINING.precision,
} as const;

const plainText = value<string>("to be a text", (given) => typeof given === "string");
const from: Kind<string> = {
  expected: "to be of the form FOLDER@EPOCH",
  read: (given, name) =>
    typeof given === "string" && /^.+@\d+$/.test(given) ? given : refuse(name, from.expected, given, typeof given === "string"), // prettier-ignore
};

/** What a configuration, and an entry of a sweep's file, may hold; of it all but model and dataset may be left out. */
export const TRIAL = {
  version: field(whole(1), undefined, "in which version it is written", { decidesNothing: true }),
  id: field(text, undefined, "unique among a sweep's trials; its folder's name", { decidesNothing: true }),
  name: TRAINING.name,
  paper: field(orNull(oneOf("vgp", "ga", "iga")), null, "which paper's protocol it belongs to", {
    decidesNothing: true,
  }),
  part: field(plainText, "", "the part of the protocol", { decidesNothing: true }),
  model: needed(oneByName("a network", MODELS, "options"), "a network by name, with its options"),
  dataset: needed(oneByName("a data set", DATASETS, null), "a data set by name, with its options"),
  seed: TRAINING.seed,
  epochs: TRAINING.epochs,
  batchSize: TRAINING.batchSize,
  optimizer: field({ ...namedOptimizer, read: (given, name) => (namedOptimizer.read(given, name), given) } as Kind<{ name: OptimizerName }>, { name: "sgd" }, "sgd, adam, adamw, rmsprop or lion, with settings"), // prettier-ignore
  learningRate: field(orNull(learningRate), undefined, "η: a number, { cosine, min }; null where stages set it"),
  stages: field(orNull(stages), null, TRAINING.stages.help),
  amplify: field(orNull(objectOf(AMPLIFY, { others: { seed: "the trial's own seed selects the layers" } })), null, TRAINING.amplify.help), // prettier-ignore
  clipNorm: TRAINING.clipNorm,
  measure: field(orNull({ ...measure, read: (given, name) => (measure.read(given, name), given) } as Kind<object>), {}, TRAINING.measure.help), // prettier-ignore
  validate: TRAINING.validate,
  test: TRAINING.test,
  onNonFinite: TRAINING.onNonFinite,
  engine: TRAINING.engine,
  precision: TRAINING.precision,
  testWeights: field(oneOf("last", "best-validation"), "last", "which weights the test accuracy is taken with"),
  labels: field(objectOf(LABELS), undefined, "what it is called in tables and figures", { decidesNothing: true }),
  run: field(objectOf(RUN_SETTINGS), undefined, "how it is run and kept", { decidesNothing: true }),
  from: field(orNull(from), null, "FOLDER@EPOCH: begin as a copy of another run", { decidesNothing: true }),
} as const;

/**
 * Refuses what a trial does not know, with the nearest that it does, values that make no sense, and what cannot be together.
 *
 * @param partial whether model and data set may be missing, which flags bring
 * @throws {TypeError | RangeError} if a key is unknown, or a value is of the wrong kind or out of range
 */
export function checkTrial(
  given: unknown,
  options: { readonly partial?: boolean; readonly where?: string } = {},
): void {
  checkObject(given, options.where ?? "a trial");
  checkVersion(given, options.where ?? "a trial");
  const { stages: plan, learningRate: rate, epochs, amplify, optimizer } = given as Record<string, unknown>;
  const fields: Fields = options.partial
    ? Object.fromEntries(
        Object.entries<Field<unknown, unknown>>(TRIAL).map(([name, { required: _, ...one }]) => [name, one]),
      )
    : TRIAL;
  readFields(fields as typeof TRIAL, given);
  const own = (optimizer as { learningRate?: unknown } | undefined)?.learningRate;
  if (own !== undefined && rate !== undefined)
    throw new TypeError("Expected learningRate or optimizer.learningRate but found both");
  if (plan && (typeof rate === "number" || (typeof rate === "object" && rate !== null) || own !== undefined))
    throw new TypeError("Expected stages or a learning rate but found both: stages set the rate");
  if (plan && amplify) throw new TypeError("Expected stages or amplify but found both: stages say what is amplified");
  const end = plan ? checkPlan(plan as StagePlan).stages.at(-1)?.end : undefined;
  if (end !== undefined && epochs !== undefined && epochs !== end)
    throw new RangeError(
      `Expected epochs to be the last stage's end, ${end}, but found ${String(epochs)}: leave epochs out`,
    );
}
