import { dataset } from "../../../src/datasets";
import { tf } from "../../../src/tensorflow";
import { startTraining } from "../../../src/training";
import { symmetric } from "../../support/deterministic";
import { valuesOf } from "../../support/same-bits";
import { isClose } from "../tensor-programs/check";
import { type ModelCase, modelOf, optionsOf } from "./model-case";

/** The weights of a case's model when it has been trained on an engine. */
export async function trainOn(each: ModelCase, engine: "graph" | "eager"): Promise<ArrayLike<number>[]> {
  const { input, samples } = each;
  const size = input.reduce((product, length) => product * length, samples);
  const inputs = tf.tensor(symmetric("samples", size, 1), [samples, ...input]);
  const targets = Array.from({ length: samples }, (_, at) => at % 3);
  const data = await dataset({ train: { inputs, targets }, classes: 3 });
  const model = modelOf(each);
  try {
    const options = { measure: null, onNonFinite: "record", ...optionsOf(each), engine } as const;
    await startTraining(model, data, options as never).finished;
    return valuesOf(model.getWeights());
  } finally {
    model.dispose();
    data.dispose();
    inputs.dispose();
  }
}

/** Why the engines disagree about a case; null where they do not, or where both refuse it. */
export async function checkModel(each: ModelCase): Promise<{ why: string | null; ran: boolean }> {
  const outcomes = [];
  for (const engine of ["eager", "graph"] as const) {
    try {
      outcomes.push({ weights: await trainOn(each, engine), error: null });
    } catch (error) {
      outcomes.push({ weights: [], error: `${(error as Error).name}: ${(error as Error).message}` });
    }
  }
  const [eager, graph] = outcomes as [(typeof outcomes)[0], (typeof outcomes)[0]];
  if (eager!.error || graph!.error) {
    const same = (eager!.error === null) === (graph!.error === null);
    return { ran: false, why: same ? null : `eager: ${eager!.error}; graph: ${graph!.error}` };
  }
  for (const [at, wanted] of eager!.weights.entries()) {
    const found = graph!.weights[at]!;
    const largest = Array.from(wanted).reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0); // prettier-ignore
    const place = Array.from(wanted).findIndex((value, index) => !isClose(found[index]!, value, 1e-3 * largest));
    if (place >= 0)
      return { ran: true, why: `weight ${at}[${place}] is ${found[place]} compiled, ${wanted[place]} op by op` };
  }
  return { ran: true, why: null };
}
