import type { Tensor } from "@tensorflow/tfjs";
import { field, type Filled, type Given, type Kind, named, nearest, number, oneOf, orNull, refuse, text, whole } from "../options"; // prettier-ignore
import type { Score } from "../rows";
import { isAsync } from "./functions";

/** What every metric may be told beside its own settings. */
const COMMON = {
  /** Which output of a model of several, by its name. Default: the first. */
  output: field(orNull(text), null, "which output of a model of several, by its name"),
  /** What its columns end in, as `"F1"` of `validationF1`. Default: its name. */
  as: field(orNull(text), null, "what its columns end in"),
} as const;

/** How classes, or labels of which several may hold, become one number. */
const average = field(
  oneOf("macro", "micro", "weighted"),
  "macro",
  "mean over classes, all counted together, or mean weighted by how often each occurs",
);
const threshold = field(
  number("to lie in (0, 1)", (found) => found > 0 && found < 1),
  0.5,
  "from which probability on a label is said to hold, where each output is for itself",
);
const OF_LABELS = { average, threshold, ...COMMON } as const;

/** The metrics that are known by name, with their settings. */
export const METRICS = {
  /** Share of samples whose highest output is their class; where each output is for itself, share of right labels. */
  accuracy: { threshold, ...COMMON },
  /** Share of samples whose class is among the k highest outputs. */
  topK: {
    /** Default: 5. */
    k: field(whole(1), 5, "how many of the highest outputs count"),
    ...COMMON,
  },
  /** Of what is said to be a class, the share that is. */
  precision: OF_LABELS,
  /** Of what is a class, the share that is found. */
  recall: OF_LABELS,
  /** Harmonic mean of precision and recall. */
  f1: OF_LABELS,
  /** Area under the ROC curve; of several classes the mean of each against the rest. */
  auc: COMMON,
  /** Mean squared error. */
  mse: COMMON,
  /** Root of the mean squared error over all samples. */
  rmse: COMMON,
  /** Mean absolute error. */
  mae: COMMON,
} as const;

/** A metric that is known by name. */
export type MetricName = keyof typeof METRICS;

/** A metric by name, with those of its settings that are not the default: `{ name: "topK", k: 3 }`. */
export type NamedMetric = { [Name in MetricName]: { readonly name: Name } & Given<(typeof METRICS)[Name]> }[MetricName];

/**
 * What a metric of one's own computes: one number for each sample, `[batch]`, or their mean, by tensor operations. Of a model of
 * several outputs it gets lists, of predictions and of targets.
 */
export type MetricFunction = (prediction: Tensor | Tensor[], target: Tensor | Tensor[]) => Tensor;

/** A metric of one's own with what is to be known of it. */
export interface OwnMetric {
  /** What its columns end in: "Dice" of `validationDice`. */
  readonly as: string;
  /** What it computes of a batch. */
  readonly of: MetricFunction;
  /** Which of two values is the better one; needed where something is chosen by the metric. Default: null, not said. */
  readonly better?: "higher" | "lower" | null;
}

/** A metric by name, by name with settings, or of one's own; a function is called by its own name. */
export type Metric = MetricName | NamedMetric | OwnMetric | MetricFunction;

/** A metric with every setting filled in. */
export type FilledMetric =
  { [Name in MetricName]: { readonly name: Name } & Filled<(typeof METRICS)[Name]> }[MetricName] | Required<OwnMetric>;

const namedMetric = named(METRICS);
const NAMES = Object.keys(METRICS) as MetricName[];
/** What Keras, scikit-learn and people call them. */
const ELSEWHERE: Readonly<Record<string, MetricName>> = {
  acc: "accuracy",
  top5: "topK",
  topkcategoricalaccuracy: "topK",
  sparsetopkcategoricalaccuracy: "topK",
  rocauc: "auc",
  auroc: "auc",
  f1score: "f1",
  meansquarederror: "mse",
  rootmeansquarederror: "rmse",
  meanabsoluteerror: "mae",
};
const CALL = /^([a-zA-Z0-9]+)\((.*)\)$/s;
const SETTING = /^\s*([a-zA-Z]+)\s+(\S+)\s*$/;
/** What a column may end in: an identifier, so that expressions over tables can name it. */
const ENDING = /^[A-Za-z][A-Za-z0-9_]*$/;
/** Columns that every run has. */
const TAKEN = new Set(["loss"]);

function checkEnding(as: string, name: string): string {
  if (!ENDING.test(as) || TAKEN.has(as.toLowerCase()))
    refuse(name, "to be letters and digits that a column can end in, and no column that is there already", as, true);
  return as;
}

const oneMetric: Kind<FilledMetric> = {
  expected: `to be ${NAMES.join(", ")}, { name, … } with settings, or a function`,
  word: "name",
  read(given, name) {
    if (isAsync(given))
      refuse(name, "to return a tensor", Promise.resolve(), false, "write it without async and await");
    if (typeof given === "function") {
      const called = (given as { key?: string }).key ?? given.name;
      if (called === "")
        refuse(
          name,
          "to be a function with a name",
          given,
          false,
          'pass { as: "Dice", of: (prediction, target) => … }',
        );
      return { as: checkEnding(called, `${name}'s name`), of: given as MetricFunction, better: null };
    }
    if (typeof given === "object" && given !== null && "of" in given) return ownMetric(given, name);
    const settings = typeof given === "string" ? { name: given } : given;
    const which = (settings as { name?: unknown } | null)?.name;
    if (typeof which === "string" && !Object.hasOwn(METRICS, which)) {
      const known = ELSEWHERE[which.replace(/[^a-zA-Z0-9]/g, "").toLowerCase()] ?? nearest(which, NAMES);
      refuse(name, this.expected, which, false, known === null ? "" : `did you mean "${known}"?`);
    }
    if (typeof settings !== "object" || settings === null || Array.isArray(settings) || which === undefined)
      return refuse(name, this.expected, given, false);
    const found = namedMetric.read(settings, name) as FilledMetric;
    if (found.as !== null) checkEnding(found.as, `${name}.as`);
    return found;
  },
  fromText(word) {
    const [, name, inside] = CALL.exec(word.trim()) ?? [];
    if (name === undefined || inside === undefined) return word.trim();
    const settings = inside.split(",").map((part) => SETTING.exec(part) ?? ["", part, ""]);
    const value = (text: string | undefined) => (text === undefined || text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text)); // prettier-ignore
    return { name, ...Object.fromEntries(settings.map(([, key, word]) => [key, value(word)])) };
  },
};

const OWN = ["as", "of", "better"];

function ownMetric(given: object, name: string): Required<OwnMetric> {
  const odd = Object.keys(given).find((key) => !OWN.includes(key));
  if (odd !== undefined)
    throw new TypeError(`Expected ${name} to have as, of and better but found ${odd}${nearestWords(odd)}`);
  const { as, of, better = null } = given as Partial<OwnMetric>;
  if (typeof of !== "function" || isAsync(of))
    refuse(`${name}.of`, "to be a function that returns a tensor, and no async one", of, false);
  const called = text.read(as, `${name}.as`);
  return {
    as: checkEnding(called, `${name}.as`),
    of,
    better: orNull(oneOf("higher", "lower")).read(better, `${name}.better`),
  };
}

function nearestWords(odd: string): string {
  const near = nearest(odd, OWN);
  return near === null ? "" : `: did you mean ${near}?`;
}

/** Parts of a text at commas that stand in no brackets. */
const parts = (word: string) => word.split(/,(?![^(]*\))/).map((part) => part.trim());

/** Metrics as an option: a list of them, or a single one. */
export const metrics: Kind<readonly FilledMetric[]> = {
  expected: `to be a list of metrics: ${NAMES.join(", ")} (by name, or as { name, … }) or functions`,
  word: "list",
  read(given, name) {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    const found = list.map((one, at) => oneMetric.read(one, Array.isArray(given) ? `${name}[${at}]` : name));
    const endings = found.map(metricEnding);
    const twice = endings.find((ending, at) => endings.indexOf(ending) !== at);
    if (twice !== undefined)
      throw new RangeError(`Expected ${name} to be told apart but found ${twice} twice: give one another name, { name, as }`); // prettier-ignore
    return found;
  },
  fromText: (word) => parts(word).map((part) => oneMetric.fromText!(part)),
};

/** What the columns of a metric end in: "F1", "Top5". */
export function metricEnding(metric: FilledMetric): string {
  const own = "of" in metric ? metric.as : (metric.as ?? (metric.name === "topK" ? `top${metric.k}` : metric.name));
  return own.charAt(0).toUpperCase() + own.slice(1);
}

/** Metrics of which the lower value is the better one. */
const ERRORS: ReadonlySet<string> = new Set(["mse", "rmse", "mae"]);

/** Which of two values of a metric is the better one; null where a metric of one's own does not say. */
export const betterOf = (metric: FilledMetric): "higher" | "lower" | null =>
  "of" in metric ? metric.better : ERRORS.has(metric.name) ? "lower" : "higher";

/**
 * The score that a column of epoch rows is: losses are better when lower, accuracies when higher, metrics as their own
 * description says; null for a column that is no score of a training with these metrics.
 */
export function scoreOf(column: string, list: readonly FilledMetric[]): Score | null {
  const [, ending] = /^(?:train|validation|test)([A-Z].*)$/.exec(column) ?? [];
  if (ending === "Loss") return { column, better: "lower" };
  if (ending === "Accuracy") return { column, better: "higher" };
  if (column.startsWith("train")) return null;
  const metric = list.find((one) => metricEnding(one) === ending);
  const better = metric ? betterOf(metric) : null;
  return better === null ? null : { column, better };
}

/** By which score a run's best epoch is chosen, from its options; null for the choice that needs no option. */
export function selectionScore(options: Readonly<Record<string, unknown>>): Score | null {
  const { selectBy, metrics: list } = options as { selectBy?: string | null; metrics?: readonly FilledMetric[] };
  return typeof selectBy === "string" ? scoreOf(selectBy, list ?? []) : null;
}

/** What a name of a score looks like: what is told of every training or validation split, or a metric of the validation split. */
const SCORE = /^(train(Loss|Accuracy)|validation\w+)$/;
const EVERY_RUN = ["validationLoss", "validationAccuracy", "trainLoss", "trainAccuracy"];

/** A column of the epoch rows by which something is chosen. */
export const scoreColumn: Kind<string> = {
  expected: `to be one of ${EVERY_RUN.join(", ")}, or a metric as validationF1`,
  word: "score",
  read(given, name) {
    if (typeof given === "string" && SCORE.test(given)) return given;
    if (typeof given === "string" && given.startsWith("test"))
      refuse(name, this.expected, given, true, "what chooses must not be the test split");
    const near = typeof given === "string" ? nearest(given, EVERY_RUN) : null;
    return refuse(
      name,
      this.expected,
      given,
      typeof given === "string",
      near === null ? "" : `did you mean "${near}"?`,
    );
  },
};

/**
 * The score that a column is.
 *
 * @throws {RangeError} if it is a metric that was not asked for
 */
export function checkScore(column: string, name: string, list: readonly FilledMetric[]): Score {
  const score = scoreOf(column, list);
  if (score !== null) return score;
  const unsaid = list.find((metric) => column === `validation${metricEnding(metric)}`);
  if (unsaid !== undefined)
    throw new TypeError(`Expected metric ${metricEnding(unsaid)} to say which of two values is better, since ${name} chooses by it: pass { as, of, better: "higher" } or "lower"`); // prettier-ignore
  const known = [...EVERY_RUN, ...list.map((metric) => `validation${metricEnding(metric)}`)];
  const unasked = NAMES.find((each) => column === `validation${each.charAt(0).toUpperCase()}${each.slice(1)}`);
  const near = nearest(column, known);
  const remedy = unasked !== undefined ? `ask for it, metrics: ["${unasked}"]` : near === null ? "ask for it by metrics" : `did you mean "${near}"?`; // prettier-ignore
  return refuse(name, `to be one of ${known.join(", ")}`, column, true, remedy);
}
