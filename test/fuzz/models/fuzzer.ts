import { Draws } from "../draws";
import type { Fuzzer } from "../fuzz";
import { shrink } from "../shrink";
import { checkModel } from "./check";
import { drawModelCase, type ModelCase, scriptOf } from "./model-case";

/** Random models with random options, trained on both engines. */
export const models: Fuzzer = {
  name: "models",
  async run(seed) {
    const each = drawModelCase(new Draws(seed, 2));
    const { why, ran } = await checkModel(each);
    if (!why) return ran ? "same" : "skipped";
    const smallest = await shrink(each, smallerModels, async (smaller) => (await checkModel(smaller)).why !== null);
    return { seed, why: (await checkModel(smallest)).why ?? why, script: scriptOf(smallest, seed) };
  },
};

/** Models with a layer less, or trained with an option less. */
function* smallerModels(each: ModelCase): Iterable<ModelCase> {
  for (const at of each.layers.keys()) yield { ...each, layers: each.layers.filter((_, place) => place !== at) };
  for (const at of each.options.keys()) yield { ...each, options: each.options.filter((_, place) => place !== at) };
  for (const at of each.checks.keys()) yield { ...each, checks: each.checks.filter((_, place) => place !== at) };
}
