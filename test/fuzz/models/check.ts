import { STATISTIC_NAMES } from "../../../src/spec";
import { valuesOf } from "../../support/same-bits";
import { isClose } from "../tensor-programs/check";
import { Unknown } from "./float64/layers";
import { type PlainTraining, trainPlainly } from "./float64/train";
import { type Check, type ModelCase, modelOf, optionsOf, samplesOf, shortenedCase, targetsOf } from "./model-case";
import { nudged, trainOn } from "./train-on";

type Weights = readonly ArrayLike<number>[];

/** What came of a case. */
export interface Verdict {
  /** Why two ways of computing disagree; null where they do not, or where all refuse it. */
  readonly why: string | null;
  readonly ran: boolean;
  /** What it was held to beside op by op. */
  readonly held: readonly Check[];
}

/** float32's rounding, a few times over: what a computation does to inputs moved by it, rounding may do to its results. */
const ROUNDING = 2 ** -22;
/** bfloat16's. */
const SHORT_ROUNDING = 2 ** -8;

const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);

/** Where weights differ by more than a share of their tensor's largest and what rounding does to it; null where nowhere. */
function difference(found: Weights, wanted: Weights, share: number, spread: readonly number[] | null): string | null {
  for (const [at, values] of wanted.entries()) {
    const tolerance = share * largestOf(values) + 30 * (spread?.[at] ?? 0);
    const place = Array.from(values).findIndex((value, index) => !isClose(found[at]![index]!, value, tolerance));
    if (place >= 0) return `weight ${at}[${place}] is ${found[at]![place]} instead of ${values[place]} (tolerance ${tolerance})`; // prettier-ignore
  }
  return null;
}

/** How far each tensor's weights move when what they are computed from moves by rounding: the most over some ways. */
async function spreadOf(wanted: Weights, train: (key: string) => Weights | Promise<Weights>): Promise<number[]> {
  const spread = wanted.map(() => 0);
  for (const key of ["first", "second", "third"]) {
    const moved = await train(key);
    for (const [at, values] of wanted.entries())
      for (let i = 0; i < values.length; i++) {
        const distance = Math.abs(moved[at]![i]! - values[i]!);
        // What is finite one way only can be anything.
        spread[at] = Math.max(spread[at]!, Number.isNaN(distance) && !Object.is(moved[at]![i], values[i]) ? Infinity : distance || 0); // prettier-ignore
      }
  }
  return spread;
}

async function outcomeOf(train: () => Promise<Weights>): Promise<{ weights: Weights; error: string | null }> {
  try {
    return { weights: await train(), error: null };
  } catch (error) {
    return { weights: [], error: `${(error as Error).name}: ${(error as Error).message}` };
  }
}

/** Trains a case on both engines, and in the other ways that it asks for. */
export async function checkModel(each: ModelCase): Promise<Verdict> {
  const eager = await outcomeOf(() => trainOn(each, { engine: "eager" }));
  const graph = await outcomeOf(() => trainOn(each, { engine: "graph" }));
  if (eager.error !== null || graph.error !== null) {
    const same = (eager.error === null) === (graph.error === null);
    return { ran: false, why: same ? null : `eager: ${eager.error}; graph: ${graph.error}`, held: [] };
  }
  // What rounding does is asked only where it matters: it takes three trainings more.
  if (difference(graph.weights, eager.weights, 1e-3, null)) {
    const spread = await spreadOf(eager.weights, (key) => trainOn(each, { engine: "eager" }, { by: ROUNDING, key }));
    const why = difference(graph.weights, eager.weights, 1e-3, spread);
    if (why) return { ran: true, why: `compiled beside op by op: ${why}`, held: [] };
  }
  const held: Check[] = [];
  for (const check of each.checks) {
    const why = await CHECKS[check](each, graph.weights);
    if (why === undefined) continue;
    held.push(check);
    if (why) return { ran: true, why: `${check}: ${why}`, held };
  }
  return { ran: true, why: null, held };
}

/** Each gives why a case fails, null where it does not, and undefined where nothing can be said. */
const CHECKS: Readonly<Record<Check, (each: ModelCase, graph: Weights) => Promise<string | null | undefined>>> = {
  async statistics(each, graph) {
    const measured = await trainOn(each, { engine: "graph", measure: { statistics: STATISTIC_NAMES, every: 1 } });
    for (const [at, values] of graph.entries()) {
      const place = Array.from(values).findIndex((value, index) => !Object.is(measured[at]![index], value));
      if (place >= 0) return `weight ${at}[${place}] is ${measured[at]![place]} instead of ${graph[at]![place]}`;
    }
    return null;
  },

  async bfloat16(each, graph) {
    // A sign decides Adam's first steps, whatever the gradient's size.
    if (/adam|rmsprop|adagrad/.test(each.options.join())) return undefined;
    if (graph.some((values) => Array.from(values).some((value) => !(Math.abs(value) < 20)))) return undefined;
    const short = await trainOn(each, { engine: "graph", precision: "bfloat16" });
    // What a layer puts out is rounded, too: where a later one divides by how little its samples differ, moving weights
    // and samples alone does not show what that does.
    const rounded = shortenedCase(each);
    const spread = await spreadOf(graph, (key) => trainOn(rounded, { engine: "graph" }, { by: SHORT_ROUNDING, key }));
    const start = startOf(each);
    // The update's norm: single numbers may round either way.
    for (const [at, values] of graph.entries()) {
      const norm = (of: (index: number) => number) => Math.sqrt(Array.from(values, (_, index) => of(index) ** 2).reduce((a, b) => a + b, 0)); // prettier-ignore
      const change = norm((index) => values[index]! - start[at]![index]!);
      const distance = norm((index) => short[at]![index]! - values[index]!);
      const bound = 0.25 * change + 10 * spread[at]! * Math.sqrt(values.length) + 1e-5;
      if (!(distance <= bound)) return `weight ${at} is ${distance} away where ${bound} is bfloat16's bound (change ${change})`; // prettier-ignore
    }
    return null;
  },

  async float64(each) {
    const training = plainTrainingOf(each);
    if (!training) return undefined;
    const whole = { ...each, options: [...each.options, `batchSize: ${each.samples}`] };
    const model = modelOf(each);
    const start = valuesOf(model.getWeights());
    const data = { inputs: samplesOf(each), shape: [each.samples, ...each.input], targets: targetsOf(each) };
    try {
      const wanted = trainPlainly(model, data, training, start);
      if (wanted.some((values) => largestOf(values) > 1e6)) return undefined;
      const spread = await spreadOf(wanted, (key) => {
        const nudge = { by: ROUNDING, key };
        const moved = { ...data, inputs: each.vocabulary === null ? nudged(data.inputs, nudge, "samples") : data.inputs }; // prettier-ignore
        return trainPlainly(model, moved, { ...training, isShort: true }, start.map((values, at) => nudged(values, nudge, `weight ${at}`))); // prettier-ignore
      });
      // Beyond this it says nothing any more.
      if (wanted.every((values, at) => spread[at]! > 1e-2 * largestOf(values))) return undefined;
      return difference(await trainOn(whole, { engine: "graph" }), wanted, 1e-4, spread);
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    } finally {
      model.dispose();
    }
  },
};

function startOf(each: ModelCase): Weights {
  const model = modelOf(each);
  const start = valuesOf(model.getWeights());
  model.dispose();
  return start;
}

/** The options in plain arithmetic's words; null where it has none for them. */
function plainTrainingOf(each: ModelCase): PlainTraining | null {
  const { optimizer, loss, amplify, clipNorm, epochs } = optionsOf(each) as unknown as {
    loss?: { name: string };
    clipNorm?: number;
    epochs?: number;
    optimizer?: { name?: string; settings?: Record<string, number> };
    amplify?: { ampRatio: number; ampFactor: number; scope: "backprop" };
  };
  if (optimizer && !optimizer.settings) return null;
  if (/sigmoid|softmax/.test(each.head) && !loss) return null;
  if (amplify && amplify.ampRatio !== 1) return null;
  const losses: Readonly<Record<string, PlainTraining["loss"]>> = { squares: "squares" };
  const named = loss ? losses[loss.name] : "crossEntropy";
  if (!named) return null;
  const { learningRate = 0.1, momentum = 0.9, weightDecay = 0 } = optimizer?.settings ?? {};
  if (weightDecay !== 0) return null;
  return {
    steps: epochs ?? 10,
    optimizer:
      optimizer?.name === "adam" ? { name: "adam", rate: learningRate } : { name: "sgd", rate: learningRate, momentum },
    loss: named,
    amplify: amplify ? { factor: amplify.ampFactor, scope: amplify.scope } : null,
    clipNorm: clipNorm ?? null,
  };
}
