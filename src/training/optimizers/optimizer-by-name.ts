import type { NamedOptimizer, Optimizer, OptimizerName } from "../../spec";
import { adam } from "./adam";
import { adamw } from "./adamw";
import { lion } from "./lion";
import { rmsprop } from "./rmsprop";
import { sgd } from "./sgd";

const MAKERS: Readonly<Record<OptimizerName, (settings: never) => Optimizer>> = { sgd, adam, adamw, rmsprop, lion };

/** An optimizer from its name and settings, as a configuration has it. */
export function optimizerByName({ name, ...settings }: NamedOptimizer): Optimizer {
  return MAKERS[name](settings as never);
}
