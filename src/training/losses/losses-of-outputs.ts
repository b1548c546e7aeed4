import { outputNames } from "../../models/output-names";
import { nearest } from "../../options";
import { type CustomLoss, isNamedLoss, type Loss, type LossGiven } from "../../spec";
import type { LayersModel } from "../../tensorflow";

/**
 * The loss of each of a model's outputs, in their order; or a single function of the caller's own, which gets all of them.
 *
 * @throws {TypeError} if there are other losses than outputs
 */
export function lossesOf(model: LayersModel, given: LossGiven): readonly Loss[] | CustomLoss {
  if (typeof given === "function") return given;
  if (typeof given === "string" || isNamedLoss(given)) return model.outputs.map(() => given);
  return inOrder(model, given, "loss", () => {
    throw new TypeError(
      `Expected a loss for each of ${model.outputs.length} outputs of ${model.name} (${names(model)})`,
    );
  });
}

/** What multiplies the loss of each output, 1 where nothing is said. */
export function weightsOf(
  model: LayersModel,
  given: readonly number[] | Readonly<Record<string, number>> | null,
): readonly number[] {
  return given === null ? model.outputs.map(() => 1) : inOrder(model, given, "lossWeights", () => 1);
}

/** What is said of each output, in a list or by its name. */
function inOrder<Value>(
  model: LayersModel,
  given: readonly Value[] | Readonly<Record<string, Value>>,
  what: string,
  missing: () => Value,
): readonly Value[] {
  const known = outputNames(model);
  if (isList(given)) {
    if (given.length === known.length) return given;
    throw new TypeError(
      `Expected ${what} to have an entry for each of ${known.length} outputs of ${model.name} (${names(model)}) but found ` +
        `${given.length}`,
    );
  }
  const odd = Object.keys(given).find((name) => !known.includes(name));
  if (odd !== undefined) {
    const near = nearest(odd, known);
    throw new TypeError(
      `Expected ${what} to name outputs of ${model.name} (${names(model)}) but found ${JSON.stringify(odd)}` +
        (near === null ? "" : `: did you mean ${near}?`),
    );
  }
  return known.map((name) => given[name] ?? missing());
}

function isList<Value>(given: readonly Value[] | Readonly<Record<string, Value>>): given is readonly Value[] {
  return Array.isArray(given);
}

const names = (model: LayersModel) => outputNames(model).join(", ");
